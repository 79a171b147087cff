//! By web: JSON, Slack, Teams; by rules, outcomes and outages; tried again, and never in a call's way.

use serde_json::json;
use switchboard::service::messages::{Command, Event};
use switchboard::storage::{Pause, Settings};

use super::stand_ins::Web;
use super::{CALLER, MAIN, SALES, call, notice, report, rules, telling};

const JSON: &str = "Another program";
const ADDRESS: &str = "plugin notify_web hook address";

#[test]
fn rules_and_outcomes_say_who_is_told_of_a_call() {
    let (web, rejects) = (Web::start(&[200]), Web::start(&[200]));
    let home = tempfile::tempdir().unwrap();
    let notices = [
        notice("hook", "notify_web", &json!({}), &json!({ "form": JSON })),
        notice("rejects", "notify_web", &json!({ "rejected": true }), &json!({ "form": JSON })),
    ];
    let secrets = [
        (ADDRESS, web.url()),
        ("plugin notify_web hook authorization", "Bearer hunter22".to_owned()),
        ("plugin notify_web rejects address", rejects.url()),
    ];
    let secrets = secrets.each_ref().map(|(name, secret)| (*name, secret.as_str()));
    let running = telling(home.path(), &notices, &secrets);
    running.publish(rules(&["hook"]));
    call(&running, SALES, "one");
    call(&running, MAIN, "two");

    let told = web.heard();
    assert!(told.head.to_lowercase().contains("authorization: bearer hunter22"), "{}", told.head);
    assert_eq!(told.body["title"], "(415) 555-2671 called Main line: connected to Reception");
    let record = &told.body["records"][0];
    assert_eq!((&record["kind"], &record["call"]["rule"]), (&json!("call"), &json!("Main")));
    assert_eq!((&record["call"]["from"], &record["call"]["outcome"]), (&json!(CALLER), &json!("connect")));
    let told = rejects.heard();
    assert_eq!(told.body["title"], "(415) 555-2671 called Sales line: rejected");
    report(&running, "hook", |report| report.told == 1 && report.lost == 0);
    running.stop();
}

#[test]
fn slack_and_teams_are_written_to_in_their_own_form() {
    for form in ["Slack", "Teams"] {
        let web = Web::start(&[200]);
        let home = tempfile::tempdir().unwrap();
        let used = notice("hook", "notify_web", &json!({ "calls": true }), &json!({ "form": form }));
        let running = telling(home.path(), &[used], &[(ADDRESS, &web.url())]);
        let mut table = rules(&[]);
        table.lines[0].name = "Sales & <service>".into();
        running.publish(table);
        call(&running, MAIN, "one");
        let body = web.heard().body;
        if form == "Slack" {
            let text = body["text"].as_str().unwrap();
            assert!(
                text.starts_with("*(415) 555-2671 called Sales &amp; &lt;service&gt;: connected"),
                "{text}"
            );
            assert!(text.ends_with("By rule “Main”"), "{text}");
        } else {
            let content = &body["attachments"][0]["content"];
            assert_eq!(body["type"], "message");
            assert_eq!(content["type"], "AdaptiveCard");
            let title = content["body"][0]["text"].as_str().unwrap();
            assert!(title.contains("called Sales & <service>"), "{title}");
        }
        running.stop();
    }
}

#[test]
fn what_fails_is_tried_again_and_what_came_meanwhile_is_told_in_one() {
    let web = Web::start(&[500, 200]);
    let home = tempfile::tempdir().unwrap();
    let used = notice("hook", "notify_web", &json!({ "calls": true }), &json!({ "form": JSON }));
    let running = telling(home.path(), &[used], &[(ADDRESS, &web.url())]);
    running.publish(rules(&[]));
    call(&running, MAIN, "first");
    let first = web.heard().body;
    for count in 0..5 {
        call(&running, MAIN, &format!("more{count}"));
    }
    let failed = report(&running, "hook", |report| report.trouble.is_some());
    assert!(failed.trouble.unwrap().1.contains("the server did not take it (status 500: ok)"));
    assert_eq!(web.heard().body["records"], first["records"], "the same again");
    let more = web.heard().body;
    assert_eq!(more["records"].as_array().unwrap().len(), 5);
    assert!(more["title"].as_str().unwrap().ends_with("connected to Reception, and 4 more"), "{more}");
    let well = report(&running, "hook", |report| report.told == 2);
    assert_eq!((well.trouble, well.lost, well.waiting), (None, 0, 0));
    running.stop();
}

#[test]
fn what_happens_in_a_pause_waits_and_is_told_in_one_afterwards() {
    let web = Web::start(&[200]);
    let home = tempfile::tempdir().unwrap();
    let used = notice("hook", "notify_web", &json!({ "calls": true }), &json!({ "form": JSON }));
    let running = telling(home.path(), &[used], &[(ADDRESS, &web.url())]);
    running.publish(rules(&[]));
    running.ask(Command::PauseNotices(Some(Pause::UntilEnded)));
    let paused = |event| match event {
        Event::Settings(now) if now.notices_paused.is_some() => Some(now),
        _ => None,
    };
    let settings = running.hear(paused);
    for count in 0..3 {
        call(&running, MAIN, &format!("call{count}"));
    }
    let waits = report(&running, "hook", |report| report.waiting == 3);
    assert_eq!((waits.told, waits.lost), (0, 0));
    // Whoever saves other settings knows of no pause.
    running.ask(Command::SaveSettings(Settings { notices_paused: None, ..settings }));
    running.hear(paused);
    running.ask(Command::PauseNotices(None));
    assert_eq!(web.heard().body["records"].as_array().unwrap().len(), 3);
    running.stop();
}

#[test]
fn calls_are_answered_while_a_notice_hangs() {
    let (hangs, well) = (Web::start(&[0]), Web::start(&[200]));
    let home = tempfile::tempdir().unwrap();
    let all = json!({ "calls": true });
    let notices = [
        notice("hook", "notify_web", &all, &json!({ "form": JSON })),
        notice("well", "notify_web", &all, &json!({ "form": JSON })),
    ];
    let secrets = [(ADDRESS, hangs.url()), ("plugin notify_web well address", well.url())];
    let secrets = secrets.each_ref().map(|(name, secret)| (*name, secret.as_str()));
    let running = telling(home.path(), &notices, &secrets);
    running.publish(rules(&[]));
    call(&running, MAIN, "first");
    hangs.heard();
    // More than one who cannot be reached can have waiting; each is answered, and the other is told.
    let mut took: Vec<u64> = Vec::new();
    for count in 0..600 {
        call(&running, MAIN, &format!("call{count}"));
        let answered = |event| if let Event::Call(call) = event { Some(call.took_us) } else { None };
        took.push(running.hear(answered));
    }
    assert!(took.iter().all(|took_us| *took_us < 1_800_000), "none was answered by a net: {took:?}");
    well.heard();
    running.ask(Command::Open);
    let held = report(&running, "hook", |report| report.waiting > 0);
    assert_eq!((held.told, held.waiting, held.lost), (0, 500, 100), "what waits is bounded");
    running.stop();
}

#[test]
fn a_try_says_whether_it_arrives() {
    for (statuses, part) in [(&[200][..], None), (&[404], Some("there is nothing at this address"))] {
        let web = Web::start(statuses);
        let home = tempfile::tempdir().unwrap();
        let used = notice("hook", "notify_web", &json!({}), &json!({ "form": JSON }));
        let running = telling(home.path(), std::slice::from_ref(&used), &[]);
        let tried = |used| {
            running.ask(Command::TryNotice(Box::new(used)));
            running
                .hear(|event| if let Event::NoticeTried { result, .. } = event { Some(result) } else { None })
        };
        assert_eq!(tried(used.clone()).unwrap_err(), "Address is needed; fill it in");
        let secret = switchboard::storage::Secret::new(&web.url());
        running.ask(Command::SetSecret { name: ADDRESS.into(), secret });
        running.hear(|event| matches!(event, Event::Secrets(names) if names.contains(ADDRESS)).then_some(()));
        let result = tried(used.clone());
        assert_eq!(web.heard().body["title"], "A try: “The hook” works");
        match part {
            None => assert_eq!(result, Ok(())),
            Some(part) => assert!(result.clone().unwrap_err().contains(part), "{result:?}"),
        }
        let gone = switchboard::storage::UsedNotice { plugin: "gone".into(), ..used };
        assert!(tried(gone).unwrap_err().contains("“gone” is not here"));
        running.stop();
    }
}

#[test]
fn an_outage_and_its_end_are_told() {
    let web = Web::start(&[200]);
    let home = tempfile::tempdir().unwrap();
    let used = notice("hook", "notify_web", &json!({ "outages": true }), &json!({ "form": JSON }));
    // The port is taken by somebody else at first.
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = taken.local_addr().unwrap();
    let settings = json!({ "format": 1, "notices": [used] });
    std::fs::write(home.path().join("settings.json"), settings.to_string()).unwrap();
    let secrets = json!({ "format": 1, "named": { ADDRESS: web.url() } });
    std::fs::write(home.path().join("secrets.json"), secrets.to_string()).unwrap();
    let program = super::support::start(home.path(), &addr.to_string());
    let told = web.heard().body;
    assert_eq!(
        (&told["records"][0]["kind"], &told["title"]),
        (&json!("outage"), &json!("Calls do not arrive"))
    );
    drop(taken);
    let told = web.heard().body;
    assert_eq!(told["records"][0]["kind"], "recovery");
    program.stop().unwrap();
}
