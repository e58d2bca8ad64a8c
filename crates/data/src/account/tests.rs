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
    assert!(found.notes[0].message.ends_with("as of lots or accounts: QQQ"));
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
}
