//! The late layer under attack: what is told over years of releases, what a reader can work out of it, and what a bad layer
//! would give away.

mod enumerated;
mod invented;
mod linear;
mod told;
