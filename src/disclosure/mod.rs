//! Which numbers may be printed, and what an outsider can work out of those that are.
//!
//! * Takes: summaries, the policy, and the ledger of what is public already.
//! * Gives: a [`Release`](protect::Release) in which no cell discloses; no later wing can reach an unprotected number, and there
//!   is no switch that turns protection off.
//!
//! | module | owns |
//! |---|---|
//! | [`attack`] | what follows from printed sums, every answer proved in whole numbers |
//! | [`audit`] | anybody's published tables, attacked |
//! | [`protect`] | summaries to a release |

pub mod attack;
pub mod audit;
pub mod protect;
