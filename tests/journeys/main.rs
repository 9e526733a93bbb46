//! Journeys across services, over HTTP against everything running.

mod booking;
mod directory;
