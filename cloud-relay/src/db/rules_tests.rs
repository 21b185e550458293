//! Rules that every statement of the code keeps, so that the same schema runs distributed by tenant.

use std::fs;
use std::path::{Path, PathBuf};

/// Tables that are distributed: their tenant stands in every key and in every predicate.
const TABLES: [&str; 7] = ["outlets", "hubs", "cursors", "events", "quarantine", "alerts", "tenants"];
/// What would hold up every hub at once, or mean something else on several machines.
const NEVER: [&str; 7] =
    ["set_config(", "nextval(", "CREATE TEMP", "COPY ", "CREATE TRIGGER", "pg_advisory_lock(", "LOCK TABLE"];
/// Statements over every tenant, and why.
const OVER_ALL: [(&str, &str); 5] = [
    ("SELECT tenant_id, name FROM tenants", "the operator's list"),
    ("SELECT o.outlet_id, o.tenant_id, o.number", "the operator's list"),
    ("SELECT hub_id, tenant_id, outlet_id, revoked_at", "the operator's list"),
    ("SELECT tenant_id FROM hubs WHERE hub_id = $1", "the operator names a box and not its chain"),
    ("UPDATE claim_codes SET used_at", "the code says whose it is"),
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|name| name == "rs") && !path.ends_with("rules_tests.rs") {
            found.push(path);
        }
    }
}

/// The texts between quotation marks, comments left out, with their white space made one.
fn literals(source: &str) -> Vec<String> {
    let code: Vec<&str> = source.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = code.join("\n").replace("\\\"", "");
    let texts = code.split('"').skip(1).step_by(2);
    texts.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn every_statement_names_its_tenant() {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let mut seen = 0;
    for path in files {
        let source = fs::read_to_string(&path).unwrap();
        let code = source.split("#[cfg(test)]").next().unwrap_or_default();
        for text in literals(code) {
            let is_statement = ["SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM ", "WITH "]
                .iter()
                .any(|verb| text.starts_with(verb));
            if !is_statement {
                continue;
            }
            let shown = format!("{}: {text}", path.display());
            assert!(NEVER.iter().all(|word| !text.contains(word)), "{shown}");
            assert!(!text.contains("DELETE FROM"), "nothing that came in is deleted: {shown}");
            let words: Vec<&str> =
                text.split(|letter: char| !letter.is_alphanumeric() && letter != '_').collect();
            let is_of_tenant = TABLES.iter().any(|table| words.contains(table));
            if !is_of_tenant || OVER_ALL.iter().any(|(known, _)| text.contains(known)) {
                continue;
            }
            seen += 1;
            // Each join, each predicate and each list of columns begins with it.
            for (before, after) in
                [(" WHERE ", "tenant_id = "), (" ON ", "tenant_id = "), (" ON CONFLICT (", "tenant_id, ")]
            {
                for behind in text
                    .split(before)
                    .skip(1)
                    .filter(|behind| !behind.starts_with("CONFLICT") && !behind.starts_with('('))
                {
                    let column = behind.split_once('.').filter(|(alias, _)| alias.len() == 1);
                    let column = column.map_or(behind, |(_, column)| column);
                    assert!(column.starts_with(after), "{before}: {shown}");
                }
            }
            let inserts: Vec<&str> = text.split("INSERT INTO ").skip(1).collect();
            for insert in inserts {
                let columns = insert.split_once('(').map_or("", |(_, columns)| columns);
                assert!(
                    columns.starts_with("tenant_id, ")
                        || columns.starts_with("tenant_id)")
                        || insert.starts_with("tenants"),
                    "{shown}"
                );
            }
            assert!(text.contains("tenant_id"), "{shown}");
        }
    }
    assert!(seen >= 12, "only {seen} statements were found");
}
