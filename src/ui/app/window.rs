//! Puts the app into a window of the system, and says in words when there is none.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use eframe::{CreationContext, NativeOptions};
use egui::{IconData, ViewportBuilder, ViewportCommand, vec2};
use fail::fail_point;

use crate::desktop::tray::{self, Tray};
use crate::desktop::{Desktop, Told};
use crate::plugins::Registry;
use crate::program::Link;
use crate::service::Clock;
use crate::ui::theme::{self, space};
use crate::ui::widgets::{Banner, Button, Level};

use super::{App, Remote, remote};

/// The program's name for the system: window class, taskbar, desktop file.
const APP_ID: &str = "switchboard";

/// Called from any thread when there is something to hear.
pub type Wake = Box<dyn Fn() + Send>;

/// Connects a window that is woken in this way.
pub type Connect<'a> = Box<dyn FnOnce(Wake) -> Link + 'a>;

/// What a window needs.
pub struct Window<'a> {
    /// Connects it to the service.
    pub connect: Connect<'a>,
    /// The plugins.
    pub registry: Arc<Registry>,
    /// Tells the time.
    pub clock: Clock,
    /// Reaches it from elsewhere.
    pub remote: Remote,
    /// Hears once that it can be brought from now on.
    pub found: Box<dyn FnOnce() + 'a>,
    /// The tray and what else the desktop does, where it does.
    pub desktop: Option<Desktop>,
}

/// Why there is no window.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WindowError {
    /// There is no display, or nothing to draw with.
    #[error("No window could be opened ({0}), so calls are answered without one")]
    NotOpened(String),
    /// It was open and broke.
    #[error("The window failed ({0}), so calls are answered without it; start Switchboard again to see it")]
    Broken(String),
}

/// Shows the window, again and again where calls are answered on without it, and returns when the
/// program is to end. Must be called on the program's first thread.
pub fn run(window: Window<'_>) -> Result<(), WindowError> {
    let Window { connect, registry, clock, remote, found, desktop } = window;
    let mut found = Some(found);
    if remote.is_in_background()
        && let Some(found) = found.take()
    {
        found();
    }
    if remote::CLOSES && !remote.wait() {
        return Ok(());
    }
    let woken = remote.clone();
    let link = connect(Box::new(move || woken.wake()));
    let mut app = App::new(link, registry, clock).on_desktop(remote.clone(), desktop);
    loop {
        open("Switchboard", options(vec2(1200.0, 760.0), vec2(1000.0, 640.0)), |creation| {
            remote.opened(&creation.egui_ctx);
            if let Some(found) = found.take() {
                found();
            }
            tracing::info!("the window is open");
            Box::new(Shown { app: &mut app, remote: remote.clone(), tray: None })
        })?;
        if !(remote.is_in_background() && remote.wait()) {
            return Ok(());
        }
    }
}

/// Shows why the program could not start, for owners who start it with a double click.
pub fn run_failed(message: &str) -> Result<(), WindowError> {
    let message = message.to_owned();
    let options = options(vec2(520.0, 240.0), vec2(420.0, 200.0));
    open("Switchboard could not start", options, |_| Box::new(Failed { message }))
}

struct Shown<'a> {
    app: &'a mut App,
    remote: Remote,
    /// Where the icon belongs to this thread.
    tray: Option<(Tray, Option<Box<Told>>)>,
}

impl Shown<'_> {
    /// Says in the tray what is new, where that is this thread's business.
    fn tell_tray(&mut self) {
        if tray::OF_THIS_THREAD {
            return;
        }
        let Some(told) = self.app.to_tell() else { return };
        if self.tray.is_none() {
            self.tray = Tray::build().map(|tray| (tray, None));
        }
        if let Some((tray, before)) = &mut self.tray
            && before.as_ref() != Some(&told)
        {
            tray.tell(&told);
            *before = Some(told);
        }
    }
}

impl eframe::App for Shown<'_> {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        self.remote.drawn();
        fail_point!("window");
        if !remote::CLOSES && self.tray.is_none() && self.remote.is_in_background() {
            // Begun without a window; the system shows each with its first frame.
            self.remote.to_background();
        }
        self.tell_tray();
        self.app.logic(ctx);
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        self.app.ui(ui);
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        theme::palette_of(visuals).canvas.to_normalized_gamma_f32()
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        self.remote.closed();
        self.app.finish();
    }
}

struct Failed {
    message: String,
}

impl eframe::App for Failed {
    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        failed_ui(ui, &self.message);
    }
}

fn failed_ui(ui: &mut egui::Ui, message: &str) {
    let p = theme::palette(ui);
    let frame = egui::Frame::new().fill(p.canvas).inner_margin(space::XL);
    egui::CentralPanel::default().frame(frame).show(ui, |ui| {
        Banner::new(Level::Error, "Switchboard could not start").detail(message).show(ui, |_| ());
        ui.add_space(space::M);
        if ui.add(Button::primary("Close")).clicked() {
            ui.ctx().send_viewport_cmd(ViewportCommand::Close);
        }
    });
}

fn options(size: egui::Vec2, least: egui::Vec2) -> NativeOptions {
    let viewport = ViewportBuilder::default()
        .with_app_id(APP_ID)
        .with_inner_size(size)
        .with_min_inner_size(least)
        .with_icon(icon());
    NativeOptions { viewport, centered: true, ..NativeOptions::default() }
}

fn icon() -> IconData {
    let png = include_bytes!("../../../assets/icon.png");
    eframe::icon_data::from_png_bytes(png).unwrap_or_default()
}

/// Opens a window. Without a display this fails with an error, except that some missing system
/// libraries make it panic; both are told in the same words, and neither ends the program.
fn open<'a>(
    title: &str,
    options: NativeOptions,
    create: impl FnOnce(&CreationContext<'_>) -> Box<dyn eframe::App + 'a> + 'a,
) -> Result<(), WindowError> {
    let is_open = Arc::new(AtomicBool::new(false));
    let opened = is_open.clone();
    let create: eframe::AppCreator<'a> = Box::new(move |creation| {
        theme::install(&creation.egui_ctx);
        // Where the system does not say whether it is light or dark.
        creation.egui_ctx.options_mut(|options| options.fallback_theme = egui::Theme::Light);
        opened.store(true, Ordering::Relaxed);
        Ok(create(creation))
    });
    let ended = quiet_until(&is_open, || eframe::run_native(title, options, create));
    let why = match ended {
        Ok(Ok(())) => return Ok(()),
        Ok(Err(error)) => reason(&error),
        Err(panic) => words_of(&*panic),
    };
    let was_open = is_open.load(Ordering::Relaxed);
    Err(if was_open { WindowError::Broken(why) } else { WindowError::NotOpened(why) })
}

/// Catches panics; those on this thread before `is_open` is set are not printed either, for the
/// caller has better words for them.
fn quiet_until<R>(is_open: &Arc<AtomicBool>, act: impl FnOnce() -> R) -> thread::Result<R> {
    let usual: Arc<dyn Fn(&std::panic::PanicHookInfo<'_>) + Send + Sync> = take_hook().into();
    let (printing, open, here) = (usual.clone(), is_open.clone(), thread::current().id());
    set_hook(Box::new(move |panic| {
        if open.load(Ordering::Relaxed) || thread::current().id() != here {
            printing(panic);
        }
    }));
    let ended = catch_unwind(AssertUnwindSafe(act));
    set_hook(Box::new(move |panic| usual(panic)));
    ended
}

/// Why, for people; the system's own words go to the log.
fn reason(error: &eframe::Error) -> String {
    tracing::debug!(%error, "no window");
    match error {
        eframe::Error::Winit(_) | eframe::Error::WinitEventLoop(_) => "no display can be reached".to_owned(),
        eframe::Error::AppCreation(cause) => cause.to_string(),
        _ => "this computer's graphics offer no OpenGL 2".to_owned(),
    }
}

fn words_of(panic: &(dyn Any + Send)) -> String {
    let words = panic.downcast_ref::<&str>().copied();
    let words = words.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    words.and_then(|words| words.lines().next()).unwrap_or("for no known reason").to_owned()
}
