//! One Leaflet map in one element: made when the element first has a size, told of every change of size,
//! removed when dropped. Leaflet throws when a container is used twice, and a thrown error ends the whole
//! bundle; so nothing outside this module holds a map.

use std::{
    cell::{Cell, OnceCell, RefCell},
    rc::{Rc, Weak},
};

use js_sys::Reflect;
use leaflet::{LatLng, Map, MapOptions};
use shared_types::PractitionerRoleId;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::HtmlElement;
use yew::prelude::*;

use super::{
    Frame, MapContent, MapEvent, Style,
    base::Base,
    js::{call, get},
    marks::{MarkEvent, Marks},
    view::{AUSTRALIA, fit, frame, still, window_of},
};
use crate::browser;

/// A map that lives as long as this value.
pub struct MapView {
    island: Rc<Island>,
    observer: web_sys::ResizeObserver,
    _resized: Closure<dyn Fn(JsValue)>,
    _scheme: Option<gloo_events::EventListener>,
}

impl MapView {
    /// Takes the map away, as dropping it does; a name for it, since the server's stand-in has nothing to drop.
    pub fn end(self) {}

    /// Begins to watch an element; the map appears once the element has a size. `None` where Leaflet's script
    /// did not load: the list is complete without a map.
    pub fn start(container: &NodeRef, style: Style, onevent: Callback<MapEvent>) -> Option<Self> {
        let element = container.cast::<HtmlElement>()?;
        let window: JsValue = web_sys::window()?.into();
        Reflect::get(&window, &"L".into()).ok().filter(JsValue::is_object)?;
        let island = Rc::new_cyclic(|me| Island::new(element.clone(), style, onevent, me.clone()));
        let weak = Rc::downgrade(&island);
        let resized = Closure::<dyn Fn(JsValue)>::new(move |_| {
            if let Some(island) = weak.upgrade() {
                island.resized();
            }
        });
        let observer = web_sys::ResizeObserver::new(resized.as_ref().unchecked_ref()).ok()?;
        observer.observe(&element);
        let weak = Rc::downgrade(&island);
        let scheme = browser::on_scheme_change(move || {
            if let Some(island) = weak.upgrade() {
                island.recolour();
            }
        });
        Some(Self { island, observer, _resized: resized, _scheme: scheme })
    }

    /// Shows this from now on.
    pub fn show(&self, content: MapContent) {
        *self.island.content.borrow_mut() = Some(content);
        self.island.apply();
    }

    /// Sets one result apart.
    pub fn mark(&self, active: Option<PractitionerRoleId>) {
        self.island.active.set(active);
        self.island.marks.borrow().mark(active);
    }
}

impl Drop for MapView {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

pub(super) struct Island {
    me: Weak<Self>,
    element: HtmlElement,
    style: Style,
    onevent: Callback<MapEvent>,
    map: OnceCell<Map>,
    base: OnceCell<Rc<Base>>,
    marks: RefCell<Marks>,
    content: RefCell<Option<MapContent>>,
    active: Cell<Option<PractitionerRoleId>>,
    /// What the map was last made to show.
    framed: Cell<Option<Frame>>,
    /// Set while we move the map ourselves: such moves are no wish of the reader's.
    quiet: Cell<bool>,
    /// The reader has moved it since.
    moved: Cell<bool>,
    listener: OnceCell<Closure<dyn Fn(JsValue)>>,
}

impl Island {
    fn new(element: HtmlElement, style: Style, onevent: Callback<MapEvent>, me: Weak<Self>) -> Self {
        Self {
            me,
            element,
            style,
            onevent,
            map: OnceCell::new(),
            base: OnceCell::new(),
            marks: RefCell::default(),
            content: RefCell::default(),
            active: Cell::default(),
            framed: Cell::default(),
            quiet: Cell::new(false),
            moved: Cell::new(false),
            listener: OnceCell::new(),
        }
    }

    fn resized(&self) {
        if self.element.client_width() == 0 || self.element.client_height() == 0 {
            return;
        }
        match self.map.get() {
            Some(map) => {
                self.quietly(|| drop(map.invalidate_size(false)));
                if !self.moved.get() {
                    self.framed.set(None);
                    self.apply();
                }
            }
            None => self.create(),
        }
    }

    fn create(&self) {
        // A container that Leaflet refuses stays an empty box beside a complete list.
        let Ok(map) = Map::new_with_element(&self.element, &options(self.style)) else { return };
        fit(&map, AUSTRALIA, 0.0, 16.0);
        // Nothing of Leaflet's own choosing; the base says whose the map is.
        call(&get(&map, "attributionControl"), "setPrefix", &[JsValue::FALSE]);
        let weak = self.me.clone();
        let listener = Closure::<dyn Fn(JsValue)>::new(move |_| {
            if let Some(island) = weak.upgrade() {
                island.on_moved();
            }
        });
        map.on("moveend", listener.as_ref());
        let _ = self.listener.set(listener);
        let _ = self.base.set(Base::start(&map));
        let _ = self.map.set(map);
        self.apply();
    }

    /// Puts the present content on the map, and moves the map when it should show something else.
    fn apply(&self) {
        let (Some(map), Some(content)) = (self.map.get(), self.content.borrow().clone()) else { return };
        let told = {
            let me = self.me.clone();
            Callback::from(move |mark| {
                if let Some(island) = me.upgrade() {
                    island.on_mark(mark);
                }
            })
        };
        self.marks.borrow_mut().show(map, &content, &told);
        self.marks.borrow().mark(self.active.get());
        let elsewhere = self.framed.get() != Some(content.frame);
        if elsewhere || !self.moved.get() {
            self.framed.set(Some(content.frame));
            let covered = self.covered();
            self.quietly(|| frame(map, &content, covered));
            self.moved.set(false);
            self.onevent.emit(MapEvent::Settled);
        }
        self.relabel();
    }

    /// How much of the map's lower part a phone's cards cover: never so much that no pin has room above them.
    fn covered(&self) -> f64 {
        const ROOM: i32 = 160;
        let panel = self.element.parent_element();
        let cards = panel.and_then(|panel| panel.query_selector(".map-cards").ok().flatten());
        let cards = cards.and_then(|cards| cards.dyn_into::<HtmlElement>().ok());
        let height = cards.map_or(0, |cards| cards.offset_height());
        f64::from(height.min(self.element.client_height() - ROOM).max(0))
    }

    fn quietly(&self, act: impl FnOnce()) {
        self.quiet.set(true);
        act();
        self.quiet.set(false);
    }

    fn on_moved(&self) {
        if self.quiet.get() {
            return;
        }
        self.relabel();
        if let Some((bbox, zoom)) = self.map.get().and_then(window_of) {
            self.moved.set(true);
            self.onevent.emit(MapEvent::Moved(bbox, zoom));
        }
    }

    fn on_mark(&self, mark: MarkEvent) {
        match mark {
            MarkEvent::Active(id) => self.onevent.emit(MapEvent::Active(id)),
            MarkEvent::Chosen(id) => self.onevent.emit(MapEvent::Chosen(id)),
            MarkEvent::Opened(lat, lon) => {
                let Some(map) = self.map.get() else { return };
                let zoom = (map.get_zoom() + 2.0).min(map.get_max_zoom());
                self.quietly(|| drop(map.set_view_with_options(&LatLng::new(lat, lon), zoom, &still())));
                self.relabel();
                if let Some((bbox, zoom)) = window_of(map) {
                    self.moved.set(true);
                    self.onevent.emit(MapEvent::Area(bbox, zoom));
                }
            }
        }
    }

    fn relabel(&self) {
        if let (Some(map), Some(base)) = (self.map.get(), self.base.get()) {
            base.relabel(map);
        }
    }

    fn recolour(&self) {
        if let (Some(map), Some(base)) = (self.map.get(), self.base.get()) {
            base.redraw(map);
        }
    }
}

impl Drop for Island {
    /// Before its listener: removing a map may tell of a move, and by now that reaches nobody.
    fn drop(&mut self) {
        self.marks.borrow_mut().forget();
        if let Some(map) = self.map.get() {
            map.remove();
        }
    }
}

fn options(style: Style) -> MapOptions {
    let options = MapOptions::new();
    let search = style == Style::Search;
    let motion = !browser::matches_media("(prefers-reduced-motion: reduce)");
    options.set_prefer_canvas(true);
    options.set_zoom_control(search);
    options.set_scroll_wheel_zoom(search);
    options.set_keyboard(search);
    options.set_min_zoom(3.0);
    // We watch the element ourselves.
    options.set_track_resize(false);
    options.set_zoom_animation(motion);
    options.set_fade_animation(motion);
    options.set_marker_zoom_animation(motion);
    options.set_inertia(motion);
    options
}
