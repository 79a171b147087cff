//! The settings that have a control of their own, with what Retell takes for each. Source: the
//! types of npm `retell-sdk` 5.66.1 (`CallCreatePhoneCallParams.AgentOverride`) and their comments.

/// A part of the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingPart {
    /// Any agent.
    Agent,
    /// Agents that run on one prompt.
    Prompt,
    /// Agents that run on a conversation flow.
    Flow,
}

impl SettingPart {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Agent, Self::Prompt, Self::Flow];

    /// Its name on the wire.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Prompt => "retell_llm",
            Self::Flow => "conversation_flow",
        }
    }
}

/// A setting that is known.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// The part that it stands in.
    pub part: SettingPart,
    /// Its name on the wire.
    pub key: &'static str,
    /// What it is called: "Longest call".
    pub title: &'static str,
    /// One sentence on what it does.
    pub help: &'static str,
    /// What it may be.
    pub kind: SettingKind,
}

/// What a setting may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SettingKind {
    /// A length of time, in milliseconds on the wire.
    Milliseconds {
        /// The shortest.
        min: u64,
        /// The longest, if there is one.
        max: Option<u64>,
    },
    /// A number between two, both included.
    Number {
        /// The least.
        min: f64,
        /// The most.
        max: f64,
    },
    /// A whole number from 0.
    Count,
    /// Any text.
    Text,
    /// A text that is not empty.
    Word,
    /// Several texts.
    Texts,
    /// Yes or no.
    OnOff,
    /// One of these: on the wire, and in words.
    OneOf(&'static [(&'static str, &'static str)]),
    /// One or more of [`LANGUAGES`].
    Languages,
    /// A time zone.
    Zone,
}

const fn setting(
    part: SettingPart,
    key: &'static str,
    title: &'static str,
    help: &'static str,
    kind: SettingKind,
) -> Setting {
    Setting { part, key, title, help, kind }
}

use SettingKind::{Count, Languages, Milliseconds, Number, OnOff, OneOf, Text, Texts, Word, Zone};
use SettingPart::{Agent, Flow, Prompt};

const SPEAKERS: SettingKind = OneOf(&[("agent", "The agent"), ("user", "The caller")]);

/// All of them, in the order in which they are offered.
pub const SETTINGS: &[Setting] = &[
    setting(
        Agent,
        "max_call_duration_ms",
        "Longest call",
        "The call is ended after this time",
        Milliseconds { min: 60_000, max: Some(7_200_000) },
    ),
    setting(
        Agent,
        "end_call_after_silence_ms",
        "End after silence",
        "The call is ended when the caller says nothing for this long",
        Milliseconds { min: 10_000, max: None },
    ),
    setting(
        Agent,
        "language",
        "Language",
        "What the agent hears and speaks; several for callers of several languages",
        Languages,
    ),
    setting(Agent, "voice_id", "Voice", "The voice's ID, from the list of voices at Retell", Word),
    setting(
        Agent,
        "voice_speed",
        "Speed of speech",
        "From 0.5, slow, to 2, fast; 1 is usual",
        Number { min: 0.5, max: 2.0 },
    ),
    setting(Agent, "volume", "Loudness", "From 0 to 2; 1 is usual", Number { min: 0.0, max: 2.0 }),
    setting(
        Agent,
        "voice_temperature",
        "Liveliness of the voice",
        "From 0, steady, to 2, varied; 1 is usual. Not every voice knows it",
        Number { min: 0.0, max: 2.0 },
    ),
    setting(
        Agent,
        "voice_emotion",
        "Mood of the voice",
        "Not every voice knows it",
        OneOf(&[
            ("calm", "Calm"),
            ("sympathetic", "Sympathetic"),
            ("happy", "Happy"),
            ("sad", "Sad"),
            ("angry", "Angry"),
            ("fearful", "Fearful"),
            ("surprised", "Surprised"),
        ]),
    ),
    setting(
        Agent,
        "begin_message_delay_ms",
        "Wait before the first words",
        "Gives the caller time to take the phone to the ear",
        Milliseconds { min: 0, max: Some(5_000) },
    ),
    setting(
        Prompt,
        "begin_message",
        "First words",
        "What the agent says first; empty: it waits for the caller. For agents with one prompt",
        Text,
    ),
    setting(Prompt, "start_speaker", "Who speaks first", "For agents with one prompt", SPEAKERS),
    setting(
        Prompt,
        "begin_after_user_silence_ms",
        "Speak first after silence",
        "When the caller is to speak first and says nothing. For agents with one prompt",
        Milliseconds { min: 0, max: None },
    ),
    setting(
        Flow,
        "start_speaker",
        "Who speaks first in a flow",
        "For agents with a conversation flow",
        SPEAKERS,
    ),
    setting(
        Flow,
        "begin_after_user_silence_ms",
        "Speak first after silence in a flow",
        "When the caller is to speak first and says nothing. For agents with a conversation flow",
        Milliseconds { min: 0, max: None },
    ),
    setting(
        Agent,
        "interruption_sensitivity",
        "Can be interrupted",
        "From 0, never, to 1, at once",
        Number { min: 0.0, max: 1.0 },
    ),
    setting(
        Agent,
        "responsiveness",
        "Quickness of answers",
        "From 0, waits long, to 1, as soon as it can",
        Number { min: 0.0, max: 1.0 },
    ),
    setting(
        Agent,
        "enable_backchannel",
        "Says “yeah” while listening",
        "Small words that show that it listens",
        OnOff,
    ),
    setting(
        Agent,
        "reminder_trigger_ms",
        "Remind after silence",
        "The agent speaks up when the caller says nothing for this long",
        Milliseconds { min: 1, max: None },
    ),
    setting(Agent, "reminder_max_count", "Number of reminders", "0: none", Count),
    setting(
        Agent,
        "ambient_sound",
        "Sound in the background",
        "Makes the call feel more real",
        OneOf(&[
            ("coffee-shop", "Coffee shop"),
            ("convention-hall", "Convention hall"),
            ("summer-outdoor", "Summer outdoors"),
            ("mountain-outdoor", "Mountains"),
            ("static-noise", "Static noise"),
            ("call-center", "Call centre"),
        ]),
    ),
    setting(
        Agent,
        "ambient_sound_volume",
        "Loudness of the background",
        "From 0 to 2; 1 is usual",
        Number { min: 0.0, max: 2.0 },
    ),
    setting(
        Agent,
        "denoising_mode",
        "Noise removal",
        "What is taken out of the caller's sound",
        OneOf(&[
            ("no-denoise", "None"),
            ("noise-cancellation", "Noise"),
            ("noise-and-background-speech-cancellation", "Noise and other voices"),
        ]),
    ),
    setting(
        Agent,
        "stt_mode",
        "Listening",
        "Whether to understand quickly or exactly",
        OneOf(&[("fast", "Quick"), ("accurate", "Exact")]),
    ),
    setting(
        Agent,
        "boosted_keywords",
        "Words to listen for",
        "Names and brands that would be misheard",
        Texts,
    ),
    setting(Agent, "timezone", "Time zone", "The zone of Retell's own times, such as current_time", Zone),
    setting(
        Agent,
        "allow_user_dtmf",
        "Takes keypad input",
        "Whether keys that the caller presses count",
        OnOff,
    ),
    setting(
        Agent,
        "data_storage_setting",
        "What Retell keeps",
        "Recordings, transcripts and logs of the call",
        OneOf(&[
            ("everything", "Everything"),
            ("everything_except_pii", "All but personal data"),
            ("basic_attributes_only", "Only that the call was"),
        ]),
    ),
    setting(
        Prompt,
        "model_temperature",
        "Freedom of the prompt",
        "From 0, always alike, to 1, varied. For agents with one prompt",
        Number { min: 0.0, max: 1.0 },
    ),
    setting(
        Flow,
        "model_temperature",
        "Freedom of the flow",
        "From 0, always alike, to 1, varied. For agents with a conversation flow",
        Number { min: 0.0, max: 1.0 },
    ),
];

/// The languages that Retell's agents speak: on the wire, and in words.
pub const LANGUAGES: &[(&str, &str)] = &[
    ("af-ZA", "Afrikaans"),
    ("ar-SA", "Arabic"),
    ("hy-AM", "Armenian"),
    ("az-AZ", "Azerbaijani"),
    ("bs-BA", "Bosnian"),
    ("bg-BG", "Bulgarian"),
    ("yue-CN", "Cantonese"),
    ("ca-ES", "Catalan"),
    ("zh-CN", "Chinese"),
    ("hr-HR", "Croatian"),
    ("cs-CZ", "Czech"),
    ("da-DK", "Danish"),
    ("nl-NL", "Dutch"),
    ("nl-BE", "Dutch (Belgium)"),
    ("en-US", "English (United States)"),
    ("en-AU", "English (Australia)"),
    ("en-GB", "English (Britain)"),
    ("en-IN", "English (India)"),
    ("en-NZ", "English (New Zealand)"),
    ("fil-PH", "Filipino"),
    ("fi-FI", "Finnish"),
    ("fr-FR", "French"),
    ("fr-CA", "French (Canada)"),
    ("gl-ES", "Galician"),
    ("de-DE", "German"),
    ("el-GR", "Greek"),
    ("he-IL", "Hebrew"),
    ("hi-IN", "Hindi"),
    ("hu-HU", "Hungarian"),
    ("is-IS", "Icelandic"),
    ("id-ID", "Indonesian"),
    ("it-IT", "Italian"),
    ("ja-JP", "Japanese"),
    ("kn-IN", "Kannada"),
    ("kk-KZ", "Kazakh"),
    ("ko-KR", "Korean"),
    ("lv-LV", "Latvian"),
    ("lt-LT", "Lithuanian"),
    ("mk-MK", "Macedonian"),
    ("ms-MY", "Malay"),
    ("mr-IN", "Marathi"),
    ("ne-NP", "Nepali"),
    ("no-NO", "Norwegian"),
    ("fa-IR", "Persian"),
    ("pl-PL", "Polish"),
    ("pt-PT", "Portuguese"),
    ("pt-BR", "Portuguese (Brazil)"),
    ("ro-RO", "Romanian"),
    ("ru-RU", "Russian"),
    ("sr-RS", "Serbian"),
    ("sk-SK", "Slovak"),
    ("sl-SI", "Slovenian"),
    ("es-ES", "Spanish"),
    ("es-419", "Spanish (Latin America)"),
    ("sw-KE", "Swahili"),
    ("sv-SE", "Swedish"),
    ("ta-IN", "Tamil"),
    ("th-TH", "Thai"),
    ("tr-TR", "Turkish"),
    ("uk-UA", "Ukrainian"),
    ("ur-IN", "Urdu"),
    ("vi-VN", "Vietnamese"),
    ("cy-GB", "Welsh"),
];
