//! A merchant of the test's own, imported beside the running server.

use super::server::Server;

/// What a merchant needs to know to use every door.
pub(crate) struct Shop<'a> {
    pub(crate) server: &'a Server,
    pub(crate) id: String,
    pub(crate) mid: String,
    pub(crate) paytm_key: String,
    pub(crate) client_id: String,
    pub(crate) api_key: String,
    pub(crate) webhook_secret: String,
}

/// Where own webhooks of shops are posted on the test's receiver.
pub(crate) const WEBHOOK_PATH: &str = "/own-webhook";

impl<'a> Shop<'a> {
    /// Without a webhook.
    pub(crate) fn open(server: &'a Server, id: &str) -> Self {
        Self::import(server, id, None, "")
    }

    /// With its own webhooks posted to this address.
    pub(crate) fn open_with_webhook(server: &'a Server, id: &str, webhook_url: &str) -> Self {
        Self::import(server, id, Some(webhook_url), "")
    }

    /// With more lines of the merchant file.
    pub(crate) fn open_with(server: &'a Server, id: &str, lines: &str) -> Self {
        Self::import(server, id, None, lines)
    }

    fn import(server: &'a Server, id: &str, webhook_url: Option<&str>, lines: &str) -> Self {
        let shop = Self::credentials(server, id);
        let text = shop.file(webhook_url, lines);
        let file = server.write(&format!("{id}.toml"), &text);
        server.kadi_ok(&["merchant", "import", file.to_str().unwrap()]);
        shop
    }

    /// Credentials that follow from the id, so that two shops never share one.
    pub(crate) fn credentials(server: &'a Server, id: &str) -> Self {
        let padded = |text: &str, length: usize| text.chars().cycle().take(length).collect::<String>();
        let letters: String = id.chars().filter(char::is_ascii_alphanumeric).collect();
        Self {
            server,
            id: id.to_owned(),
            mid: format!("KADI{}", padded(&letters.to_uppercase(), 16)),
            paytm_key: format!("Pk#9{}", padded(&letters, 12)),
            client_id: "C11".to_owned(),
            api_key: format!("kadi_test_{}", padded(&letters, 32)),
            webhook_secret: format!("whsec_{}", padded(&letters, 32)),
        }
    }

    /// The merchant file that `import` reads.
    pub(crate) fn file(&self, webhook_url: Option<&str>, lines: &str) -> String {
        let Self { id, mid, paytm_key, client_id, api_key, webhook_secret, .. } = self;
        let url = webhook_url.map(|url| format!(", webhook_url = \"{url}\"")).unwrap_or_default();
        format!(
            "[[merchant]]\nid = \"{id}\"\nname = \"Shop of {id}\"\n\
             limit = {{ min = \"1.00\", max = \"100000.00\", account_max = \"500000.00\" }}\n\
             paytm = {{ mid = \"{mid}\", keys = [{{ client_id = \"{client_id}\", \
             key = \"{paytm_key}\" }}] }}\n\
             native = {{ api_key = \"{api_key}\", webhook_secret = \"{webhook_secret}\"{url} }}\n{lines}\n"
        )
    }
}
