use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use serde_json::json;
use thirtyfour::{ChromeCapabilities, ChromiumLikeCapabilities, Cookie, WebDriver, prelude::WebDriverResult};

use crate::Portal;

/// Debian's Chromium, driven by its own chromedriver.
pub struct Browser {
    pub driver: WebDriver,
    _chromedriver: ChromeDriver,
}

/// Ends when it is dropped, and the browser with it.
struct ChromeDriver(Child);

impl ChromeDriver {
    /// Starts it on a free port, which it returns.
    fn start() -> (Self, String) {
        let mut command = Command::new("chromedriver");
        command.arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null());
        let mut this = Self(command.spawn().expect("chromedriver: run `deploy/setup/run --tests`"));
        let mut lines = BufReader::new(this.0.stdout.take().expect("a pipe")).lines();
        let port = loop {
            let line = lines.next().expect("chromedriver ended before it was ready").expect("UTF-8");
            if let Some((_, port)) = line.split_once("started successfully on port ") {
                break port.trim_end_matches('.').to_owned();
            }
        };
        std::thread::spawn(move || lines.for_each(drop));
        (this, port)
    }
}

impl Drop for ChromeDriver {
    fn drop(&mut self) {
        _ = self.0.kill();
        _ = self.0.wait();
    }
}

impl Browser {
    /// A window of that many pixels, with or without JavaScript.
    ///
    /// # Errors
    /// The browser did not start: `deploy/setup/run --tests` installs chromium and chromium-driver.
    pub async fn open(width: u32, height: u32, scripts: bool) -> WebDriverResult<Self> {
        Self::open_in(width, height, scripts, false).await
    }

    /// The same, as somebody sees it who prefers dark pages, or light ones.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub async fn open_in(width: u32, height: u32, scripts: bool, dark: bool) -> WebDriverResult<Self> {
        let (chromedriver, port) = ChromeDriver::start();
        let mut capabilities = ChromeCapabilities::new();
        // Tests run as root in containers, where Chromium's sandbox can't work and /dev/shm is small.
        for argument in ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"] {
            capabilities.add_arg(argument)?;
        }
        capabilities.add_arg(if dark { "--blink-settings=preferredColorScheme=0" } else { "--blink-settings=preferredColorScheme=1" })?;
        capabilities.add_arg(&format!("--window-size={width},{height}"))?;
        // What still glides can't be clicked.
        capabilities.add_arg("--force-prefers-reduced-motion")?;
        // Chromium's windows are no narrower than 500 pixels; a phone is.
        if width < 500 {
            let metrics = json!({ "deviceMetrics": { "width": width, "height": height, "pixelRatio": 2.0, "touch": true } });
            capabilities.add_experimental_option("mobileEmulation", metrics)?;
        }
        if !scripts {
            capabilities.add_experimental_option("prefs", json!({ "profile.managed_default_content_settings.javascript": 2 }))?;
        }
        let driver = WebDriver::new(format!("http://127.0.0.1:{port}"), capabilities).await?;
        Ok(Self { driver, _chromedriver: chromedriver })
    }

    /// A window in which the administrator of a portal is signed in.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub async fn signed_in(portal: &Portal, width: u32, height: u32, scripts: bool) -> WebDriverResult<Self> {
        let browser = Self::open(width, height, scripts).await?;
        browser.sign_in(portal).await?;
        Ok(browser)
    }

    /// Signs the administrator of a portal in.
    ///
    /// # Errors
    /// The browser did not answer.
    pub async fn sign_in(&self, portal: &Portal) -> WebDriverResult<()> {
        // A cookie belongs to the page that is open.
        self.driver.goto(format!("{}/healthz", portal.url)).await?;
        match portal.cookie.split_once('=') {
            Some((name, value)) => self.driver.add_cookie(Cookie::new(name, value)).await,
            None => Ok(()),
        }
    }

    /// Ends the browser; without it, it would outlive the test.
    ///
    /// # Errors
    /// The browser did not answer.
    pub async fn close(self) -> WebDriverResult<()> {
        self.driver.clone().quit().await
    }
}
