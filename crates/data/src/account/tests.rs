use walkfolio_core::Date;

use super::*;

fn read(name: &str, text: &str) -> Result<AccountHoldings> {
    let path =
        std::env::temp_dir().join(format!("walkfolio-holdings-{name}-{}.csv", std::process::id()));
    std::fs::write(&path, text).unwrap();
    AccountHoldings::read(&path)
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn shares(found: &AccountHoldings) -> Vec<(&str, f64)> {
    let of = |own: &HeldPosition| match own.held {
        Quantity::Shares(shares) => shares,
        Quantity::Value(_) | Quantity::Weight(_) => f64::NAN,
    };
    found.positions.iter().map(|own| (own.ticker.as_str(), of(own))).collect()
}

#[test]
fn schwab() {
    let found = read("schwab", r#""Positions for account Individual ...123 as of 03:05 PM ET, 2024/05/17"

"Symbol","Description","Qty (Quantity)","Price","Price Chng % (Price Change %)","Mkt Val (Market Value)","Cost Basis","Gain $ (Gain/Loss $)","Ratings","Reinvest?","% of Acct (% of Account)","Security Type",
"XLE","ENERGY SELECT SECTOR SPDR","1,250","$93.10","-0.52%","$116,375.00","$98,000.00","$18,375.00","--","Yes","46.5%","ETFs & Closed End Funds",
"XLK","TECHNOLOGY SELECT SECTOR SPDR","300.5","$212.40","1.1%","$63,826.20","--","--","--","No","25.5%","ETFs & Closed End Funds",
"Cash & Cash Investments","--","--","--","--","$70,112.34","--","--","--","--","28%","Cash and Money Market",
"Account Total","--","--","--","-0.2%","$250,313.54","$98,000.00","$18,375.00","--","--","--","--",
"#).unwrap();
    assert_eq!(
        (found.broker, found.date, found.cash),
        (Broker::Schwab, Some(day("2024-05-17")), Some(70_112.34))
    );
    assert_eq!(shares(&found), [("XLE", 1_250.0), ("XLK", 300.5)]);
    assert_eq!(
        (found.positions[0].price, found.positions[0].cost_basis),
        (Some(93.10), Some(98_000.0))
    );
    assert_eq!((found.positions[1].cost_basis, found.positions[1].line), (None, 5));
}

#[test]
fn fidelity() {
    let found = read("fidelity", "\u{feff}Account Number,Account Name,Symbol,Description,Quantity,Last Price,Last Price Change,Current Value,Today's Gain/Loss Dollar,Percent Of Account,Cost Basis Total,Average Cost Basis,Type\n\
X12345678,INDIVIDUAL,SPAXX**,HELD IN MONEY MARKET,,,,$1234.56,,1.20%,,,Cash,\n\
X12345678,INDIVIDUAL,QQQ,INVESCO QQQ TR UNIT SER 1,100,$451.76,+$0.12,$45176.00,+$12.00,43.00%,$30000.00,$300.00,Cash,\n\
Z98765432,ROTH IRA,QQQ,INVESCO QQQ TR UNIT SER 1,10.125,$451.76,+$0.12,$4574.07,+$1.21,4.00%,$4000.00,$395.06,Cash,\n\
X12345678,INDIVIDUAL,Pending Activity,,,,,$-200.00,,,,,,\n\
\n\
\"The data and information in this spreadsheet is provided to you solely for your use, and is not for distribution.\"\n\
\"Brokerage services are provided by Fidelity Brokerage Services LLC (FBS), 900 Salem Street, Smithfield, RI 02917.\"\n\
\n\
\"Date downloaded 05/17/2024 3:05 PM ET\"\n").unwrap();
    assert_eq!((found.broker, found.date), (Broker::Fidelity, Some(day("2024-05-17"))));
    assert_eq!(found.cash, Some(1_034.56));
    assert_eq!(shares(&found), [("QQQ", 100.0), ("QQQ", 10.125)]);
    assert_eq!(
        found.notes[0].message,
        "the holdings of 2 accounts are added up: X12345678, Z98765432"
    );
    assert!(found.notes[1].message.ends_with("as of lots or accounts: QQQ"));
}

#[test]
fn interactive_brokers_activity_statement() {
    let found = read("ib", "Statement,Header,Field Name,Field Value\n\
Statement,Data,BrokerName,Interactive Brokers\n\
Statement,Data,Period,\"January 1, 2024 - May 17, 2024\"\n\
Net Asset Value,Header,Asset Class,Prior Total,Current Long,Current Short,Current Total,Change\n\
Cash Report,Header,Currency Summary,Currency,Total,Securities,Futures,\n\
Cash Report,Data,Ending Cash,Base Currency Summary,5250.25,5250.25,0,\n\
Cash Report,Data,Ending Cash,USD,5250.25,5250.25,0,\n\
Open Positions,Header,DataDiscriminator,Asset Category,Currency,Symbol,Quantity,Mult,Cost Price,Cost Basis,Close Price,Value,Unrealized P/L,Code\n\
Open Positions,Data,Summary,Stocks,USD,BRK B,40,1,350,14000,410.5,16420,2420,\n\
Open Positions,Data,Lot,Stocks,USD,BRK B,40,1,350,14000,410.5,16420,2420,\n\
Open Positions,Data,Summary,Stocks,USD,SPY,\"-1,000\",1,520,-520000,529.45,-529450,-9450,\n\
Open Positions,Total,,Stocks,USD,,,,,-506000,,-513030,-7030,\n").unwrap();
    assert_eq!(
        (found.broker, found.date, found.cash),
        (Broker::InteractiveBrokers, Some(day("2024-05-17")), Some(5_250.25))
    );
    assert_eq!(shares(&found), [("BRK B", 40.0), ("SPY", -1_000.0)]);
    assert_eq!(
        (found.positions[0].price, found.positions[0].cost_basis),
        (Some(410.5), Some(14_000.0))
    );
}

#[test]
fn interactive_brokers_flex_query() {
    let found = read("flex", "\"ClientAccountID\",\"CurrencyPrimary\",\"AssetClass\",\"Symbol\",\"ReportDate\",\"Quantity\",\"MarkPrice\",\"PositionValue\",\"CostBasisMoney\",\"LevelOfDetail\"\n\
\"U1\",\"USD\",\"STK\",\"XLE\",\"20240517\",\"10\",\"93.1\",\"931\",\"800\",\"SUMMARY\"\n\
\"U1\",\"USD\",\"STK\",\"XLE\",\"20240517\",\"10\",\"93.1\",\"931\",\"800\",\"LOT\"\n\
\"U1\",\"USD\",\"CASH\",\"USD\",\"20240517\",\"77.5\",\"1\",\"77.5\",\"\",\"SUMMARY\"\n").unwrap();
    assert_eq!(
        (found.broker, found.date, found.cash),
        (Broker::InteractiveBrokers, Some(day("2024-05-17")), Some(77.5))
    );
    assert_eq!(shares(&found), [("XLE", 10.0)]);
}

/// Options come in a table of their own, with the header again; with lots by FIFO the table has another name and a
/// column more.
#[test]
fn interactive_brokers_repeats_headers_and_renames_its_table() {
    let around = |table: &str, header: &str, mark: &str| {
        format!(
            "Statement,Data,Period,\"May 17, 2024\"\nAccount Information,Data,Base Currency,USD\n\
{table},Header,DataDiscriminator,Asset Category,Currency,Symbol,{header}Quantity,Mult,Cost Price,Cost Basis,Close Price,Value\n\
{table},Data,Summary,Stocks,USD,XLE,{mark}\"1,250\",1,80,100000,93.1,116375\n\
{table},Data,Lot,Stocks,USD,XLE,{mark}1250,,80,100000,93.1,116375\n\
{table},Data,Summary,Stocks,EUR,SAP,{mark}10,1,150,1500,178,1780\n\
{table},Total,,Stocks,USD,,{mark},,,100000,,116375\n\
{table},Header,DataDiscriminator,Asset Category,Currency,Symbol,{header}Quantity,Mult,Cost Price,Cost Basis,Close Price,Value\n\
{table},Data,Summary,Equity and Index Options,USD,XLE 20JUN25 85 C,{mark}-3,100,1,-300,0.9,-270\n\
Forex Balances,Header,Asset Category,Currency,Description,Quantity,Cost Price,Cost Basis in USD,Close Price,Value in USD\n\
Forex Balances,Data,Forex,USD,EUR,-11.1,1.1,12,1.13,-12.5\n\
Cash Report,Data,Ending Cash,Base Currency Summary,1012.5,1012.5,0,\n"
        )
    };
    let plain = read("ib-again", &around("Open Positions", "", "")).unwrap();
    let fifo = read("ib-fifo", &around("Long Open Positions", "Open,", "-,")).unwrap();
    for found in [plain, fifo] {
        assert_eq!(found.broker, Broker::InteractiveBrokers);
        let all = [("XLE", 1_250.0), ("SAP", 10.0), ("XLE 20JUN25 85 C", -3.0)];
        assert_eq!((shares(&found), found.cash), (all.to_vec(), Some(1_012.5)));
        // A price in euros is none in dollars.
        let prices: Vec<_> = found.positions.iter().map(|own| own.price).collect();
        assert_eq!(prices, [Some(93.1), None, Some(0.9)]);
        assert!(found.notes[0].message.starts_with("cash and prices in EUR are left alone"));
    }
}

/// A flex query with trades next to the positions, of lots alone, and cash in two currencies.
#[test]
fn interactive_brokers_flex_query_with_other_tables() {
    let found = read("flex-more", "ClientAccountID,CurrencyPrimary,AssetClass,Symbol,Quantity,TradePrice,ClosePrice,Buy/Sell\n\
U1,USD,STK,XLE,400,92,93,BUY\n\
ClientAccountID,CurrencyPrimary,AssetClass,Symbol,ReportDate,Quantity,MarkPrice,PositionValue,LevelOfDetail\n\
U1,USD,STK,XLE,20240517,10,93.1,931,LOT\n\
U1,USD,STK,XLE,20240517,5,93.1,465.5,LOT\n\
U1,USD,CASH,USD,20240517,77.5,1,77.5,\n\
U1,EUR,CASH,EUR,20240517,-11,1,-11,\n\
ClientAccountID,CurrencyPrimary,AssetClass,Symbol,Quantity,TradePrice,ClosePrice,Buy/Sell\n\
U1,USD,STK,XLE,300,92,93,BUY\n").unwrap();
    assert_eq!((shares(&found), found.cash), (vec![("XLE", 10.0), ("XLE", 5.0)], Some(77.5)));
}

#[test]
fn schwab_all_accounts() {
    let table = "\"Symbol\",\"Description\",\"Qty (Quantity)\",\"Price\",\"Mkt Val (Market Value)\",\"Security Type\",\n";
    let text = format!(
        "\"Positions for All-Accounts as of 04:05 PM ET, 2024/05/17\"\n\n\
\"Individual ...123\"\n{table}\
\"XLE\",\"ENERGY\",\"1,250\",\"93.1\",\"$116,375.00\",\"ETFs & Closed End Funds\",\n\
\"XLK\",\"TECHNOLOGY\",\"-20\",\"212.4\",\"($4,248.00)\",\"ETFs & Closed End Funds\",\n\
\"CVRONE\",\"RIGHT\",\"3\",\"N/A\",\"N/A\",\"Equity\",\n\
\"Cash & Cash Investments\",\"--\",\"--\",\"--\",\"$112.34\",\"Cash and Money Market\",\n\
\"Account Total\",\"--\",\"--\",\"--\",\"$112,239.34\",\"--\",\n\n\
\"Roth IRA ...777\"\n{table}\
\"XLE\",\"ENERGY\",\"50\",\"93.1\",\"$4,655.00\",\"ETFs & Closed End Funds\",\n\
\"Cash & Cash Investments\",\"--\",\"--\",\"--\",\"$1,000.00\",\"Cash and Money Market\",\n\
\"Positions Total\",\"\",\"--\",\"--\",\"$5,655.00\",\"--\",\n"
    );
    let found = read("schwab-all", &text).unwrap();
    let all = vec![("XLE", 1_250.0), ("XLK", -20.0), ("CVRONE", 3.0), ("XLE", 50.0)];
    assert_eq!((shares(&found), found.cash), (all, Some(1_112.34)));
    assert_eq!(found.notes[0].message, "the holdings of 2 accounts are added up");
}

/// The columns of 2025, options, a money market fund, a total of another name, and numbers in parentheses.
#[test]
fn schwab_with_options_and_a_money_market_fund() {
    let found = read("schwab-options", r#""Positions for account Rollover IRA ...456 as of 09:41 AM ET, 05/30/2025"
""
"Symbol","Description","Qty (Quantity)","Price","Price Chng $ (Price Change $)","Mkt Val (Market Value)","Cost Basis","Gain % (Gain/Loss %)","Ratings","Reinvest Capital Gains?","% of Acct (% of Account)","Asset Type"
"XLE","SELECT SECTOR SPDR TRUST ENERGY ETF","1,140","$81.25","$0.44","$92,625.00","$90,110.50","2.79%","--","N/A","32.1%","ETFs & Closed End Funds"
"XLE 06/20/2025 85.00 C","CALL SELECT SECTOR SPDR TRUST $85 EXP 06/20/25","-5","$0.41","-$0.02","($205.00)","($512.30)","59.98%","--","--","-0.07%","Option"
"SWVXX","SCHWAB VALUE ADVANTAGE MONEY INVESTOR","40,250.13","$1.00","$0.00","$40,250.13","N/A","N/A","--","N/A","13.9%","Cash and Money Market"
"Futures Cash","Futures Cash","--","--","--","$0.00","--","--","--","--","0%","Cash and Money Market"
"Cash & Cash Investments","--","--","--","--","$24,311.19","--","--","--","--","8.4%","Cash and Money Market"
"Positions Total","--","--","--","--","$156,981.32","$89,598.20","17.21%","--","--","--","--"
"#).unwrap();
    assert_eq!((found.broker, found.date), (Broker::Schwab, Some(day("2025-05-30"))));
    assert_eq!(shares(&found), [("XLE", 1_140.0), ("XLE 06/20/2025 85.00 C", -5.0)]);
    assert!((found.cash.unwrap() - 64_561.32).abs() < 1e-9, "{:?}", found.cash);
    assert_eq!(found.positions[1].cost_basis, Some(-512.3));
}

/// Two sweeps, a short position, an option, a bill, blank cells, and a date with the name of its month.
#[test]
fn fidelity_with_sweeps_and_options() {
    let found = read("fidelity-options", "Account Number,Account Name,Symbol,Description,Quantity,Last Price,Last Price Change,Current Value,Today's Gain/Loss Dollar,Percent Of Account,Cost Basis Total,Average Cost Basis,Type\n\
Z21004567,Joint WROS,FCASH**,HELD IN FCASH,,,,$8250.44,,5.11%,,,Cash,\n\
Z21004567,Joint WROS,CORE**,FDIC INSURED DEPOSIT SWEEP,,,,$11250.00,,5.11%,,,Cash,\n\
Z21004567,Joint WROS,XLE,SELECT SECTOR SPDR TRUST ENERGY ETF,140.000,$81.25,+$0.44,$11375.00,+$61.60,7.04%,$10363.90,$74.03,Margin,\n\
Z21004567,Joint WROS,XLK,TECHNOLOGY SELECT SECT SPDR,-20,$231.10,-$0.12,-$4622.00,-$72.00,-2.81%,-$4700.00,$235.00,Short,\n\
Z21004567,Joint WROS, -XLF250620C52,XLF JUN 20 2025 $52 CALL,-6,$0.22,+$0.01,-$132.00,-$6.00,-0.08%,$342.00,$0.57,Margin,\n\
Z21004567,Joint WROS,912797PE1,UNITED STATES TREAS BILLS,25000,$99.21,+$0.01,$24802.50,+$2.50,15.36%,$24500.00,$98.00,Cash,\n\
Z21004567,Joint WROS,Pending activity,,,,,-$1204.88,,,,,,\n\
,,,,,,,,,,,,,\n\
\"The data and information in this spreadsheet is provided to you solely for your use and is not for distribution. \"\n\
\"Date downloaded May-30-2025 5:12 p.m ET\"\n").unwrap();
    assert_eq!((found.broker, found.date), (Broker::Fidelity, Some(day("2025-05-30"))));
    let all = [("XLE", 140.0), ("XLK", -20.0), ("-XLF250620C52", -6.0), ("912797PE1", 25_000.0)];
    assert_eq!(shares(&found), all);
    assert!((found.cash.unwrap() - 18_295.56).abs() < 1e-9, "{:?}", found.cash);
}

/// Sums within the table, contracts for difference and futures, and two kinds of ending cash.
#[test]
fn interactive_brokers_with_contracts() {
    let header = "Open Positions,Header,DataDiscriminator,Asset Category,Currency,Symbol,Quantity,Mult,Cost Price,Cost Basis,Close Price,Value,Unrealized P/L,Code\n";
    let text = format!(
        "Statement,Data,Period,\"May 30, 2025\"\n\
Account Information,Data,Base Currency,USD\n\
Net Asset Value,Data,Cash ,15250.25,15250.25,0,15250.25,0\n\
Cash Report,Data,Ending Cash,Base Currency Summary,\"15,250.25\",\"15,250.25\",0,\n\
Cash Report,Data,Ending Settled Cash,Base Currency Summary,13000.25,13000.25,0,\n\
{header}\
Open Positions,Data,Summary,Stocks,USD,XLE,\"1,140\",1,79.04,90110.50,81.25,92625,2514.5,\n\
Open Positions,SubTotal,,Stocks,USD,,,,,90110.5,,92625,2514.5,\n\
Open Positions,Data,Summary,CFDs,USD,XLK,-30,1,230,-6900,231.1,-6933,-33,\n\
{header}\
Open Positions,Data,Summary,Futures,USD,ESM5,1,50,5900,295000,5910,295500,500,\n"
    );
    let found = read("ib-contracts", &text).unwrap();
    assert_eq!(
        (shares(&found), found.cash),
        (vec![("XLE", 1_140.0), ("ESM5", 1.0)], Some(15_250.25))
    );
    let told = "contracts for difference are no shares and left alone: XLK";
    assert!(found.notes.iter().any(|note| note.message == told), "{:?}", found.notes);
}

#[test]
fn a_table_without_lines_is_an_account_that_holds_nothing() {
    let found = read("empty", "ticker,shares\n").unwrap();
    assert_eq!((found.positions.len(), found.cash), (0, None));
}

#[test]
fn plain_columns_of_shares_values_and_weights() {
    let found =
        read("plain", "Ticker;Shares;Cost_Basis;Date\nXLE;12,5;1.000,50;2023-01-05\nCASH;250;;\n")
            .unwrap();
    assert_eq!((found.broker, found.cash, found.date), (Broker::Plain, Some(250.0), None));
    let own = &found.positions[0];
    assert_eq!((own.held, own.cost_basis), (Quantity::Shares(12.5), Some(1_000.5)));
    assert_eq!(own.acquired, Some(day("2023-01-05")));
    let found = read("value", "asset,value\nXLE,\"$1,200\"\n").unwrap();
    assert_eq!(found.positions[0].held, Quantity::Value(1_200.0));
    let found = read("weight", "symbol,weight\nXLE,60%\ncash,40%\n").unwrap();
    assert_eq!(found.positions[0].held, Quantity::Weight(0.6));
    assert_eq!((found.positions[1].held, found.cash), (Quantity::Weight(0.4), None));
}

#[test]
fn what_is_no_file_of_holdings_is_refused() {
    let message = |name: &str, text: &str| read(name, text).unwrap_err().to_string();
    let none = message("none", "date,XLE\n2024-01-02,50\n");
    assert!(
        none.ends_with("has no line with the columns `ticker` and `shares`, `value` or `weight`"),
        "{none}"
    );
    let bad = message("bad", "ticker,shares\nXLE,many\n");
    assert!(bad.contains("line 2") && bad.contains("many"), "{bad}");
    let path = std::env::temp_dir().join(format!("walkfolio-quotes-{}.csv", std::process::id()));
    std::fs::write(&path, "symbol,price\nXLE,0\n").unwrap();
    assert!(read_quotes(&path).unwrap_err().to_string().contains("above 0"));
    std::fs::write(&path, "symbol,price\nXLE,90\nXLE,91\n").unwrap();
    assert!(read_quotes(&path).unwrap_err().to_string().contains("each ticker has one line"));
}

#[test]
fn a_fund_of_the_kind_cash_is_a_position_and_a_pair_of_currencies_is_nothing() {
    let text = "Symbol,Asset Class,Quantity\nSHV,Cash,100\nUSD,CASH,77.5\nEUR.USD,CASH,20\nSPY,Equity,10\n";
    let found = read("kinds", text).unwrap();
    assert_eq!((shares(&found), found.cash), (vec![("SHV", 100.0), ("SPY", 10.0)], Some(77.5)));
}
