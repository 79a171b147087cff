//! What is wrong with a manifest is told in a sentence, with the line where there is one.

use super::{manifest, ready};

#[test]
fn each_mistake_has_a_sentence() {
    let good = manifest("acme", "plugin.js", "");
    let instead = |from: &str, to: &str| good.replace(from, to);
    let more = |more: &str| manifest("acme", "plugin.js", more);
    for (text, part) in [
        (instead("contract = 1", "contract = 7"), "written for contract 7"),
        (instead("id = \"acme\"", "id = \"other\""), "give both the same name"),
        (instead("name = \"Acme CRM\"\n", ""), "missing field `name`"),
        (instead("plugin.js", "../plugin.js"), "run must be"),
        (instead("[\"facts\"]", "[\"condition\"]"), "offers must be"),
        (instead("[\"facts\"]", "[\"notice\"]"), "its offers do not say so"),
        (instead("crm.vip", "caller.vip"), "are the program's own"),
        (instead("crm.vip", "vip"), "cannot be the name of a fact"),
        (instead("\"yesno\"", "\"maybe\""), "unknown variant `maybe`"),
        (more("colour = 1"), "line 10: unknown field `colour`"),
        (more("budget_ms = 5000"), "between 10 and 1400"),
        (more("[allow]\nfetch = [\"acme.example\"]"), "cannot be read"),
        (more("[allow]\nfetch = [\"http://192.168.1.5/\"]"), "add own_network = true"),
        (more("[allow]\nfetch = [\"https://a.example/?q=1\"]"), "only the beginning"),
        (more("[settings.a]\ntype = \"choice\"\ntitle = \"A\""), "has no options"),
        (more("[settings.a]\ntype = \"secret\"\ntitle = \"A\"\ndefault = \"x\""), "has a default"),
        (more("[settings.a]\ntype = \"number\"\ntitle = \"A\"\nmin = 3\ndefault = 1"), "must be at least 3"),
        (more("[settings.a]\ntype = \"text\"\ntitle = \"A\"\nwhen = \"b\""), "depends on “b”"),
        ("id = ".into(), "line 1"),
    ] {
        let why = ready(&text, "plugin.js", b"").err().unwrap_or_default();
        assert!(why.contains("plugin.toml") && why.contains(part), "{part}\n{why}");
    }
    assert!(ready(&good, "plugin.js", b"").is_ok());
}
