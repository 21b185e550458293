//! The file, the environment, and what is refused.

use super::*;

fn load(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let pairs: Vec<(String, String)> =
        variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Config::load(None, pairs.into_iter())
}

#[test]
fn the_commented_file_says_what_the_defaults_are() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../config/hub.toml");
    let shown = Config::load(Some(&path), std::iter::empty()).unwrap();
    assert_eq!(format!("{shown:?}"), format!("{:?}", Config::default()));
}

#[test]
fn every_value_has_a_variable() {
    let config = load(&[
        ("OUTLET_HUB_DATA_DIR", "/srv/hub"),
        ("OUTLET_HUB_HTTP__LISTEN", "127.0.0.1:9"),
        ("OUTLET_HUB_SOCKETIO__ALLOW_UNPAIRED", "true"),
        ("OUTLET_HUB_LOG__LEVEL", "debug"),
        ("OUTLET_HUB_OUTLET__NUMBER", "7"),
        ("OUTLET_HUB_OUTLET__NAME", "Warung 7"),
        ("UNRELATED", "x"),
    ])
    .unwrap();
    assert_eq!(config.data_dir, Path::new("/srv/hub"));
    assert!(config.socketio.allow_unpaired);
    assert_eq!(config.outlet.unwrap().outlet().number, 7);
}

#[test]
fn wrong_keys_and_values_are_named() {
    for (variable, value, named) in [
        ("OUTLET_HUB_HTPP__LISTEN", "127.0.0.1:9", "htpp"),
        ("OUTLET_HUB_HTTP__LISTEN", "everywhere", "http.listen"),
        ("OUTLET_HUB_HTTP__BODY_BYTES_MAX", "5", "body_bytes_max"),
        ("OUTLET_HUB_HTTP__ALLOWED_HOSTS", "[\"http://hub\"]", "http.allowed_hosts"),
        ("OUTLET_HUB_HTTP__CORS_ORIGINS", "[\"*\"]", "http.cors_origins"),
        ("OUTLET_HUB_HTTP__REQUESTS_PER_SECOND_MAX", "-1", "requests_per_second_max"),
        ("OUTLET_HUB_HTTP__CONNECTIONS_MAX", "0", "connections_max"),
        ("OUTLET_HUB_HTTP__CONNECTIONS_PER_ADDRESS_MAX", "60001", "connections_per_address_max"),
        ("OUTLET_HUB_HTTPS__LISTEN", "8443", "https.listen"),
        ("OUTLET_HUB_RIGHTS__CASHIER_DISCOUNT_MAX_BP", "10001", "rights.cashier_discount_max_bp"),
        ("OUTLET_HUB_DISCOVERY__NAME", "a b", "discovery.name"),
        ("OUTLET_HUB_BACKUP__FOLDER", "../elsewhere", "backup.folder"),
        ("OUTLET_HUB_DATA_DIR__X", "1", "data_dir"),
    ] {
        let error = load(&[(variable, value)]).unwrap_err().to_string();
        assert!(error.contains(named), "{variable}={value}: {error}");
    }
    let error = load(&[
        ("OUTLET_HUB_OUTLET__NUMBER", "1"),
        ("OUTLET_HUB_OUTLET__NAME", "x"),
        ("OUTLET_HUB_OUTLET__TIME_ZONE", "Asia/Atlantis"),
    ]);
    assert!(error.unwrap_err().to_string().contains("outlet.time_zone"));
}
