//! Chromium, driven by its debugging protocol over two pipes: no port and no driver.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// How long a page has to become what is waited for.
const PATIENCE: Duration = Duration::from_mins(2);

/// A browser with one page.
pub struct Chromium {
    process: Child,
    to: File,
    from: BufReader<File>,
    next: u64,
    session: String,
    /// Every address that the page has asked for.
    pub asked: Vec<String>,
    /// What the console says, and what a policy has blocked.
    pub said: Vec<String>,
}

impl Chromium {
    /// Starts one; its profile and pipes are in a folder.
    pub fn start(place: &Path) -> Self {
        let pipe = |name: &str| {
            let path = place.join(name);
            assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
            path
        };
        let (to, from) = (pipe("to"), pipe("from"));
        // Both ends are opened for reading and writing, so that nobody waits for the other.
        let both = |path: &Path| OpenOptions::new().read(true).write(true).open(path).unwrap();
        let (write, read) = (both(&to), both(&from));
        let process = Command::new("sh")
            .args(["-c", "exec \"$0\" \"$@\" 3<\"$PIPE_TO\" 4>\"$PIPE_FROM\""])
            .arg(browser())
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-sync",
            ])
            .args(["--disable-background-networking", "--disable-component-update"])
            .args(["--disable-dev-shm-usage", "--remote-debugging-pipe"])
            .arg(format!("--user-data-dir={}", place.join("profile").display()))
            .env("PIPE_TO", &to)
            .env("PIPE_FROM", &from)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let from = BufReader::new(read);
        let session = String::new();
        let (asked, said) = (Vec::new(), Vec::new());
        let mut new = Self { process, to: write, from, next: 0, session, asked, said };
        let page = new.call("Target.createTarget", &json!({ "url": "about:blank" }));
        let attach = json!({ "targetId": page["targetId"], "flatten": true });
        new.session =
            new.call("Target.attachToTarget", &attach)["sessionId"].as_str().unwrap().into();
        for domain in ["Page", "Runtime", "Network", "Log"] {
            new.call(&format!("{domain}.enable"), &json!({}));
        }
        new
    }

    /// Calls a method and gives its result; what happens meanwhile is noted.
    pub fn call(&mut self, method: &str, parameters: &Value) -> Value {
        self.next += 1;
        let mut message = json!({ "id": self.next, "method": method, "params": parameters });
        if !self.session.is_empty() {
            message["sessionId"] = json!(self.session);
        }
        self.to.write_all(message.to_string().as_bytes()).unwrap();
        self.to.write_all(&[0]).unwrap();
        loop {
            let mut bytes = Vec::new();
            self.from.read_until(0, &mut bytes).unwrap();
            bytes.pop();
            let answer: Value = serde_json::from_slice(&bytes).unwrap();
            if answer["id"] == json!(self.next) {
                assert!(answer["error"].is_null(), "{method}: {answer}");
                return answer["result"].clone();
            }
            self.note(&answer);
        }
    }

    fn note(&mut self, event: &Value) {
        let parameters = &event["params"];
        match event["method"].as_str() {
            Some("Network.requestWillBeSent") => {
                self.asked.push(parameters["request"]["url"].as_str().unwrap().to_owned());
            }
            Some("Runtime.exceptionThrown") => self.said.push(parameters.to_string()),
            Some("Log.entryAdded") => self.said.push(parameters["entry"]["text"].to_string()),
            _ => {}
        }
    }

    /// The value of an expression on the page.
    pub fn value(&mut self, expression: &str) -> Value {
        let ask = json!({ "expression": expression, "awaitPromise": true, "returnByValue": true });
        let found = self.call("Runtime.evaluate", &ask);
        assert!(found["exceptionDetails"].is_null(), "{expression}: {found}");
        found["result"]["value"].clone()
    }

    /// Waits until an expression holds on the page.
    pub fn wait(&mut self, expression: &str) {
        let began = Instant::now();
        while self.value(expression) != json!(true) {
            if began.elapsed() > PATIENCE {
                let page = self.value("document.body.innerText");
                panic!("{expression} does not come true on: {page}");
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Opens an address.
    pub fn open(&mut self, address: &str) {
        self.call("Page.navigate", &json!({ "url": address }));
        self.wait(&format!(
            "document.readyState === 'complete' && location.href === {}",
            json!(address)
        ));
    }

    /// Presses what a selector finds, as a mouse does, and waits for the next page.
    pub fn follow(&mut self, selector: &str) {
        let before = self.value("performance.timeOrigin");
        self.value(&format!("document.querySelector({}).click()", json!(selector)));
        self.wait(&format!(
            "performance.timeOrigin !== {before} && document.readyState === 'complete'"
        ));
    }

    /// The window's size, and light or dark.
    pub fn look(&mut self, (width, height): (u32, u32), scheme: &str) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.call("Emulation.setDeviceMetricsOverride", &size);
        let feature = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.call("Emulation.setEmulatedMedia", &json!({ "features": feature }));
    }

    /// Writes a picture of the page, where `WALKFOLIO_PICTURES` names a folder for them.
    pub fn picture(&mut self, name: &str) {
        let Some(folder) = std::env::var_os("WALKFOLIO_PICTURES") else { return };
        let found = self.call("Page.captureScreenshot", &json!({ "format": "png" }));
        let path = PathBuf::from(folder).join(format!("{name}.png.base64"));
        std::fs::write(path, found["data"].as_str().unwrap()).unwrap();
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Chromium by the name that a system knows it by, or the one that `CHROMIUM` names.
fn browser() -> PathBuf {
    if let Some(named) = std::env::var_os("CHROMIUM") {
        return named.into();
    }
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let all = names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    all.into_iter().find(|file| file.is_file()).unwrap_or_else(|| "chromium".into())
}
