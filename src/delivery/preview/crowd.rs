//! The connections that are open, so that no number of idle or slow ones keeps another from being answered: where too many have
//! asked for nothing yet, the oldest of these goes.

use std::collections::VecDeque;
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// So many connections may be open that have not asked for anything that is theirs to ask.
const STRANGERS: usize = 64;
/// So many questions of who knows the address may wait for an answer.
const GUESTS: usize = 24;

/// The connections that are open.
#[derive(Default)]
pub(super) struct Crowd {
    strangers: Mutex<VecDeque<(u64, TcpStream)>>,
    guests: AtomicUsize,
    next: AtomicU64,
}

/// A connection among the strangers; it leaves them when this is dropped.
pub(super) struct Stranger<'c> {
    crowd: &'c Crowd,
    number: u64,
}

/// A connection that asks with the secret of the address.
pub(super) struct Guest<'c> {
    crowd: &'c Crowd,
}

impl Crowd {
    /// Lets a connection in, and sends the oldest away where there are too many.
    pub(super) fn enter(&self, stream: &TcpStream) -> std::io::Result<Stranger<'_>> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let kept = stream.try_clone()?;
        let mut strangers = self.strangers();
        while strangers.len() >= STRANGERS {
            let Some((_, oldest)) = strangers.pop_front() else { break };
            // Who waits for it sees its end.
            let _ = oldest.shutdown(Shutdown::Both);
        }
        strangers.push_back((number, kept));
        Ok(Stranger { crowd: self, number })
    }

    fn strangers(&self) -> MutexGuard<'_, VecDeque<(u64, TcpStream)>> {
        self.strangers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<'c> Stranger<'c> {
    /// Takes it from the strangers; none if too many guests are being answered.
    pub(super) fn welcome(self) -> Option<Guest<'c>> {
        let crowd = self.crowd;
        drop(self);
        let guests = crowd.guests.fetch_add(1, Ordering::Relaxed);
        let guest = Guest { crowd };
        (guests < GUESTS).then_some(guest)
    }
}

impl Drop for Stranger<'_> {
    fn drop(&mut self) {
        self.crowd.strangers().retain(|(number, _)| *number != self.number);
    }
}

impl Drop for Guest<'_> {
    fn drop(&mut self) {
        self.crowd.guests.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::net::{Ipv4Addr, TcpListener};

    use super::*;

    #[test]
    fn the_oldest_stranger_goes_and_a_guest_stays() -> std::io::Result<()> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let connect = || -> std::io::Result<(TcpStream, TcpStream)> {
            Ok((TcpStream::connect(listener.local_addr()?)?, listener.accept()?.0))
        };
        let crowd = Crowd::default();
        let (_guest_end, guest) = connect()?;
        let guest = crowd.enter(&guest)?.welcome();
        let (mut oldest_end, oldest) = connect()?;
        let _oldest = crowd.enter(&oldest)?;
        let mut others = Vec::new();
        for _ in 0..STRANGERS {
            let (end, stream) = connect()?;
            others.push((crowd.enter(&stream)?, end, stream));
        }
        assert_eq!(oldest_end.read(&mut [0])?, 0, "it was sent away");
        assert!(guest.is_some() && crowd.strangers().len() == STRANGERS);
        drop(others);
        assert!(crowd.strangers().is_empty());
        let guests: Vec<_> = (0..GUESTS).map(|_| Stranger { crowd: &crowd, number: 0 }.welcome()).collect();
        assert_eq!(guests.iter().flatten().count(), GUESTS - 1);
        Ok(())
    }
}
