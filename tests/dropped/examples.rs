//! The example plugins and the template pass their own test cases.

use std::path::Path;
use std::sync::Arc;

use switchboard::plugins::dropped::{Cases, Source};

use super::at;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_example_passes_its_own_tests() {
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/plugins");
    let template = tempfile::tempdir().unwrap();
    let made = template.path().join("my_plugin");
    std::fs::create_dir(&made).unwrap();
    for entry in std::fs::read_dir(all.with_file_name("plugin-template")).unwrap() {
        let file = entry.unwrap().path();
        std::fs::copy(&file, made.join(file.file_name().unwrap())).unwrap();
    }
    let examples = std::fs::read_dir(&all).unwrap().map(|entry| entry.unwrap().path());
    let mut count = 0;
    for folder in examples.chain([made]) {
        let name = folder.display();
        let source = Source::read(&folder).unwrap_or_else(|why| panic!("{name}: {why}"));
        let code = source.load(at().timestamp_millis()).unwrap_or_else(|why| panic!("{name}: {why}"));
        let code = Arc::new(code);
        let cases = Cases::read(&folder).unwrap_or_else(|why| panic!("{name}: {why}"));
        assert!(cases.iter().count() >= 3, "{name} has few test cases");
        for case in cases.iter() {
            count += 1;
            if let Err(why) = case.run(&source, &code).await {
                panic!("{name}, {}: {why}", case.name);
            }
        }
    }
    assert!(count > 10);
}
