//! What is delivered: the rows of `output/delivery.csv`, compared with the files they name, and the checks that block delivery.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path};

use anyhow::{Context, Result};

use crate::delivery::approve::Standings;
use crate::delivery::publish::{csv_rows, differences, path, sum};
use crate::disclosure::protect::{CountryRelease, Release};
use crate::project::declaration::nearest;
use crate::project::donor::Donor;
use crate::project::{Document, Project};
use crate::snapshots::record;

use super::{Refused, Request};

/// Its name below `output/`.
const FILE: &str = "delivery.csv";
const LABELS: [&str; 4] = ["donor", "file", "sha256", "pages"];

/// A PDF for a donor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attachment {
    /// Below `output/`.
    pub(super) path: String,
    pub(super) sha256: String,
    pub(super) pages: u32,
}

/// What one donor receives.
pub(super) struct Parcel<'p> {
    pub(super) donor: &'p Donor,
    pub(super) documents: Vec<Attachment>,
    /// Copies that are not sent, since they are drafts, and why.
    pub(super) drafts: Vec<(String, String)>,
}

impl Attachment {
    /// The file name that the donor sees.
    pub(super) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// The document of the project of which it is a copy.
    pub(super) fn document<'p>(&self, project: &'p Project) -> Option<Document<'p>> {
        project.copies().find(|copy| path(*copy) == self.path)
    }

    /// Its bytes, if they still have the checksum in the list.
    ///
    /// # Errors
    /// [`Refused`] when they do not, or the file cannot be read.
    pub(super) fn bytes(&self, root: &Path) -> Result<Vec<u8>> {
        let path = root.join("output").join(&self.path);
        let bytes = fs::read(&path).with_context(|| format!("cannot read `output/{}`", self.path))?;
        if sum(&bytes) == self.sha256 {
            return Ok(bytes);
        }
        Err(Refused::one(format!(
            "`output/{}` differs from the file listed in `output/{FILE}`; build again",
            self.path
        ))
        .into())
    }
}

/// What each donor with an address receives, in the order in which donors are declared.
///
/// # Errors
/// [`Refused`] with every check that blocks it, or a failure of the machine.
pub(super) fn parcels<'p>(
    project: &'p Project,
    (release, standings): (&Release, &Standings),
    request: &Request<'_>,
) -> Result<Vec<Parcel<'p>>> {
    let donors = &project.report.donors;
    as_built(project)?;
    let mut refused = unknown_donors(project, request);
    let asked = |donor: &&Donor| request.donors.is_empty() || request.donors.contains(&donor.id.value);
    let asked: Vec<&Donor> = donors.iter().filter(asked).collect();
    if asked.iter().all(|donor| donor.addresses.is_empty()) && refused.is_empty() {
        let whom = if request.donors.is_empty() { "no donor" } else { "none of these donors" };
        refused.push(format!("{whom} has an address; add `addresses` to `[[donors]]` in `data/report.toml`"));
    }
    Refused::unless_none(refused)?;
    let rows = read(&project.root)?;
    let mut parcels = Vec::new();
    for donor in asked.into_iter().filter(|donor| !donor.addresses.is_empty()) {
        let own = rows.iter().filter(|(id, _)| *id == donor.id.value).map(|(_, document)| document.clone());
        let (mut documents, mut drafts) = (Vec::new(), Vec::new());
        for attachment in own {
            match why_kept_back(project, standings, &attachment) {
                Some(why) => drafts.push((attachment.path, why)),
                None => documents.push(attachment),
            }
        }
        parcels.push(Parcel { donor, documents, drafts });
    }
    may_leave(project, release, parcels.iter().flat_map(|parcel| &parcel.documents))?;
    Ok(parcels)
}

/// The rows of the list, for a correction: which donor has which file now.
///
/// # Errors
/// [`Refused`] where `output/` is not as it was built, the list is missing or damaged, or a donor is asked for whom nobody declares.
pub(super) fn rows(project: &Project, request: &Request<'_>) -> Result<Rows> {
    as_built(project)?;
    Refused::unless_none(unknown_donors(project, request))?;
    Ok(Rows(read(&project.root)?))
}

/// The rows of the list.
pub(super) struct Rows(Vec<(String, Attachment)>);

impl Rows {
    /// The file at this path, if it is this donor's.
    pub(super) fn of(&self, donor: &str, path: &str) -> Option<&Attachment> {
        let own = |(id, attachment): &&(String, Attachment)| id == donor && attachment.path == path;
        self.0.iter().find(own).map(|(_, attachment)| attachment)
    }
}

/// Why a file is not sent, whatever its numbers are: it is a draft.
pub(super) fn why_kept_back(project: &Project, standings: &Standings, attachment: &Attachment) -> Option<String> {
    standings.why_unsent(standings.judged(attachment.document(project)?))
}

/// Refuses an `output/` that is not as the last build left it.
fn as_built(project: &Project) -> Result<()> {
    let mut refused: Vec<String> = differences(&project.root)?;
    if !refused.is_empty() {
        refused.push("`output/` or its inputs changed after the last build; build again".to_owned());
    }
    Ok(Refused::unless_none(refused)?)
}

/// The donors that are asked for and that nobody declares.
fn unknown_donors(project: &Project, request: &Request<'_>) -> Vec<String> {
    let donors = &project.report.donors;
    let unknown = request.donors.iter().filter(|named| !donors.iter().any(|donor| donor.id.value == **named));
    let refused = unknown.map(|named| {
        let near = nearest(named, donors.iter().map(|donor| donor.id.value.as_str()));
        let meant = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        format!("there is no donor `{named}`{meant}")
    });
    refused.collect()
}

/// Refuses copies that may not be sent: a file was changed, or the numbers of a country are not released.
///
/// # Errors
/// [`Refused`] with each reason, or a failure of the machine.
pub(super) fn may_leave<'a>(
    project: &Project,
    release: &Release,
    documents: impl Iterator<Item = &'a Attachment>,
) -> Result<()> {
    let mut refused = Vec::new();
    let mut countries = BTreeSet::new();
    for document in documents {
        match document.bytes(&project.root) {
            Ok(_) => {}
            Err(error) if error.is::<Refused>() => refused.push(error.to_string()),
            Err(error) => return Err(error),
        }
        match document.document(project) {
            Some(document) => drop(countries.insert(document.country.iso3.as_str())),
            None => refused.push(format!("`output/{}` is not a document of this project", document.path)),
        }
    }
    for country in countries {
        // What the data holds now, and what the documents were made of: a register may have changed or gone since.
        let now = release.country(country).is_none_or(CountryRelease::is_draft);
        if now || record::holds_unreleased(project, &project.root.join("output").join(country))? {
            let why = "its documents are drafts with unreleased numbers of a register";
            refused.push(format!("{country}: {why}; release them with `tipbrief release NAME`, then build again"));
        }
    }
    Ok(Refused::unless_none(refused)?)
}

/// The rows of the list, each with its donor.
fn read(root: &Path) -> Result<Vec<(String, Attachment)>> {
    let path = root.join("output").join(FILE);
    let refuse = |why: String| Refused::one(format!("`output/{FILE}` {why}; `tipbrief build` writes it"));
    if !path.exists() {
        return Err(refuse("is missing".to_owned()).into());
    }
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read `output/{FILE}`"))?;
    let mut rows = csv_rows(&text).with_context(|| format!("cannot read `output/{FILE}`"))?.into_iter();
    if rows.next().is_none_or(|(_, labels)| labels != LABELS) {
        return Err(refuse(format!("does not begin with `{}`", LABELS.join(","))).into());
    }
    rows.map(|(line, fields)| row(&fields).ok_or_else(|| refuse(format!("has a damaged line {line}")).into())).collect()
}

fn row(fields: &[String]) -> Option<(String, Attachment)> {
    let [listed, path, sha256, pages] = fields else { return None };
    let normal = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    let (donor, name) = path.strip_prefix("donors/")?.split_once('/')?;
    // An id that a spreadsheet would compute begins with an apostrophe.
    let same = listed.strip_prefix('\'').unwrap_or(listed) == donor;
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    let hex = sha256.len() == 64 && sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
    let pdf = Path::new(name).extension().is_some_and(|kind| kind == "pdf");
    let attachment = Attachment { path: path.clone(), sha256: sha256.clone(), pages: pages.parse().ok()? };
    (same && normal && plain && hex && pdf).then(|| (donor.to_owned(), attachment))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_names_a_file_of_its_donor_and_nothing_else() {
        let sum = "0".repeat(64);
        let read = |path: &str, sum: &str| row(&["acme", path, sum, "15"].map(str::to_owned));
        let (donor, document) = read("donors/acme/XXA-en-brief.pdf", &sum).expect("a row");
        assert_eq!((donor.as_str(), document.name(), document.pages), ("acme", "XXA-en-brief.pdf", 15));
        for wrong in [
            "donors/other/XXA-en-brief.pdf",
            "donors/acme/../other/XXA-en-brief.pdf",
            "donors/acme/",
            "donors/acme/a b.pdf",
            "donors/acme/\"a\".pdf",
            "/donors/acme/a.pdf",
            "donors/acme/manifest.json",
        ] {
            assert_eq!(read(wrong, &sum), None, "{wrong}");
        }
        assert_eq!(read("donors/acme/a.pdf", "12ab"), None, "a checksum is whole");
    }
}
