//! The menu of the icon. What is chosen is known by its id.

use tray_icon::menu::{ContextMenu, Menu, MenuItem, PredefinedMenuItem, Submenu};

use super::{Deed, Told};
use crate::desktop::Notices;
use crate::routing::capital;

const OPEN: &str = "open";
const CLOSE: &str = "close ";
const ASK_CLOSE: &str = "close…";
const REOPEN: &str = "reopen";
const PAUSE_HOUR: &str = "pause an hour";
const PAUSE: &str = "pause";
const END_PAUSE: &str = "end pause";
const QUIT: &str = "quit";

/// The menu for this; `None` if the system gives none.
pub(super) fn of(told: &Told) -> Option<Box<dyn ContextMenu>> {
    let build = || -> tray_icon::menu::Result<Menu> {
        let item = |id: &str, words: &str| MenuItem::with_id(id, words, true, None);
        let menu = Menu::new();
        menu.append(&MenuItem::new(&told.standing.words, false, None))?;
        if let Some(closed) = &told.closed {
            menu.append(&MenuItem::new(closed, false, None))?;
            menu.append(&item(REOPEN, "Open again now"))?;
        }
        menu.append(&PredefinedMenuItem::separator())?;
        menu.append(&item(OPEN, "Open the window"))?;
        let close = Submenu::new("Close all lines", true);
        for way in &told.ways {
            close.append(&item(&format!("{CLOSE}{}", way.until), &capital(&way.words)))?;
        }
        close.append(&item(ASK_CLOSE, "Until…"))?;
        menu.append(&close)?;
        match &told.notices {
            Notices::Nobody => {}
            Notices::Told => {
                let pause = Submenu::new("Pause notices", true);
                pause.append(&item(PAUSE_HOUR, "For an hour"))?;
                pause.append(&item(PAUSE, "Until I switch them on again"))?;
                menu.append(&pause)?;
            }
            Notices::Paused(words) => {
                menu.append(&MenuItem::new(words, false, None))?;
                menu.append(&item(END_PAUSE, "Switch notices on again"))?;
            }
        }
        menu.append(&PredefinedMenuItem::separator())?;
        menu.append(&item(QUIT, "Quit…"))?;
        Ok(menu)
    };
    build().ok().map(|menu| Box::new(menu) as Box<dyn ContextMenu>)
}

/// What the entry with this id does.
pub(super) fn deed(id: &str) -> Option<Deed> {
    match id {
        OPEN => Some(Deed::Open),
        ASK_CLOSE => Some(Deed::AskClose),
        REOPEN => Some(Deed::Reopen),
        PAUSE_HOUR => Some(Deed::PauseForAnHour),
        PAUSE => Some(Deed::Pause),
        END_PAUSE => Some(Deed::EndPause),
        QUIT => Some(Deed::Quit),
        _ => id.strip_prefix(CLOSE).map(|until| Deed::Close(until.to_owned())),
    }
}
