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
