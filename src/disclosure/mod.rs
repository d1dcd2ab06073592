//! Which numbers may be printed, and what an outsider can work out of those that are.
//!
//! * Takes: summaries, the policy, and the ledger of published register numbers.
//! * Gives: a [`Release`](protect::Release) in which no cell discloses; no later wing can reach an unprotected number, and there
//!   is no switch that turns protection off.
//!
//! | module | owns |
//! |---|---|
//! | [`attack`] | works out what follows from printed sums; every answer is proved in whole numbers |
//! | [`audit`] | attacks published tables of any origin |
//! | [`late`] | tells late cases of closed years, rounded together |
//! | [`protect`] | turns summaries into a release |

pub mod attack;
pub mod audit;
pub mod late;
pub mod protect;
