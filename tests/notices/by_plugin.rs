//! By a plugin of one's own: `export function notice`.

use std::path::Path;

use serde_json::json;
use switchboard::service::messages::{Command, Event, PluginWish};

use super::stand_ins::Web;
use super::{MAIN, call, notice, report, rules, telling};

fn drop_in(home: &Path, web: &Web, script: &str) {
    let folder = home.join("plugins").join("ring");
    std::fs::create_dir_all(&folder).unwrap();
    let manifest = format!(
        "id = \"ring\"\nname = \"Ring\"\nversion = \"1.0.0\"\ncontract = 1\nsummary = \"Tells our own program\"\n\
         run = \"plugin.js\"\noffers = [\"notice\"]\n\n[allow]\nfetch = [\"{}\"]\nown_network = true\n\n\
         [settings.prefix]\ntype = \"text\"\ntitle = \"Prefix\"\ndefault = \"Ring\"\n",
        web.url()
    );
    std::fs::write(folder.join("plugin.toml"), manifest).unwrap();
    std::fs::write(folder.join("plugin.js"), script).unwrap();
}

#[test]
fn a_script_is_handed_the_record_and_its_settings() {
    let web = Web::start(&[200]);
    let home = tempfile::tempdir().unwrap();
    let script = format!(
        "export async function notice(record, settings) {{\n\
           const words = `${{settings.prefix}}: ${{record.title}}`;\n\
           await fetch('{}', {{ method: 'POST', body: JSON.stringify({{ words, rule: record.call?.rule }}) }});\n\
         }}",
        web.url()
    );
    drop_in(home.path(), &web, &script);
    let running = telling(home.path(), &[notice("mine", "ring", &json!({}), &json!({}))], &[]);
    let works = |event| match event {
        Event::Plugins(cards) => cards.iter().any(|card| card.works.is_some()).then_some(()),
        _ => None,
    };
    let tried = || {
        let used = notice("mine", "ring", &json!({}), &json!({}));
        running.ask(Command::TryNotice(Box::new(used)));
        running.hear(|event| if let Event::NoticeTried { result, .. } = event { Some(result) } else { None })
    };
    assert!(tried().unwrap_err().contains("“ring” is not here"), "nothing runs before it is allowed");
    running.ask(Command::Plugin(PluginWish::Allow("ring".into())));
    running.hear(works);
    running.publish(rules(&["mine"]));
    call(&running, MAIN, "one");
    let body = web.heard().body;
    assert_eq!(body["words"], "Ring: (415) 555-2671 called Main line: connected to Reception");
    assert_eq!(body["rule"], "Main");
    report(&running, "mine", |report| report.told == 1);
    running.stop();
}

#[test]
fn a_script_that_fails_is_told_with_its_place() {
    let web = Web::start(&[200]);
    let home = tempfile::tempdir().unwrap();
    drop_in(home.path(), &web, "export function notice() {\n  throw new Error('no idea');\n}");
    let running = telling(home.path(), &[], &[]);
    running.ask(Command::Plugin(PluginWish::Allow("ring".into())));
    running.hear(|event| match event {
        Event::Plugins(cards) => cards.iter().any(|card| card.works.is_some()).then_some(()),
        _ => None,
    });
    running.ask(Command::TryNotice(Box::new(notice("mine", "ring", &json!({}), &json!({})))));
    let result =
        running.hear(|event| if let Event::NoticeTried { result, .. } = event { Some(result) } else { None });
    assert!(result.unwrap_err().contains("Error: no idea (plugin.js:2:"));
    running.stop();
}
