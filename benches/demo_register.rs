//! A plausible register of cases, invented: `demo_register PERSONS [SEED [x]]` writes it to stdout as `victims.csv`.
//!
//! Several agencies keep it. Who is met by one and sheltered by another stands in it twice, under one case id and two
//! statuses. With a third argument and a thousand persons or more a last row repeats an id and a status, which `check` must name.

mod seeded;

use std::io::{BufWriter, Write};

use seeded::Seeded;

/// One of the names; each is drawn as often as its weight says.
fn weighted<'n>(random: &mut Seeded, names: &[(&'n str, u64)]) -> &'n str {
    let mut drawn = random.below(names.iter().map(|(_, weight)| weight).sum());
    for (name, weight) in names {
        if drawn < *weight {
            return name;
        }
        drawn -= weight;
    }
    ""
}

const SEXES: [(&str, u64); 3] = [("female", 70), ("male", 28), ("unknown", 2)];
const AGES: [(&str, u64); 4] = [("0-14", 15), ("15-17", 25), ("18-24", 35), ("25+", 25)];
const PURPOSES: [(&str, u64); 5] = [
    ("sexual_exploitation", 45),
    ("forced_labour", 35),
    ("forced_marriage", 12),
    ("forced_begging", 6),
    ("organ_removal", 1),
];
const PROVINCES: [(&str, u64); 6] =
    [("XA-01", 40), ("XA-02", 25), ("XA-03", 15), ("XA-04", 10), ("XA-05", 7), ("XA-06", 3)];
const ORIGINS: [(&str, u64); 4] = [("XXA", 80), ("XXB", 12), ("XXC", 6), ("XXD", 2)];
const AGENCIES: [(&str, u64); 3] = [("police_register", 60), ("shelter_register", 25), ("hotline_register", 15)];

fn main() -> std::io::Result<()> {
    let number = |at: usize| std::env::args().nth(at).and_then(|text| text.parse::<u64>().ok());
    let persons = number(1).unwrap_or(2000);
    let mut random = Seeded(number(2).unwrap_or(1));
    let mut out = BufWriter::new(std::io::stdout().lock());
    writeln!(out, "period,status,sex,age_group,purpose,nationality,found_in,province,count,source,case_id,note")?;
    let mut last = String::new();
    for person in 1..=persons {
        let (year, month, day) = (2021 + random.below(3), 1 + random.below(12), 1 + random.below(28));
        let who = format!(
            "{},{},{},{},XXA,{},1",
            weighted(&mut random, &SEXES),
            weighted(&mut random, &AGES),
            weighted(&mut random, &PURPOSES),
            weighted(&mut random, &ORIGINS),
            weighted(&mut random, &PROVINCES),
        );
        let agency = weighted(&mut random, &AGENCIES);
        last = format!("{year}-{month:02}-{day:02},identified,{who},{agency},C-{person:06},");
        writeln!(out, "{last}")?;
        if random.below(3) == 0 {
            writeln!(out, "{year}-{month:02}-{day:02},assisted,{who},shelter_register,C-{person:06},Invented.")?;
        }
    }
    if persons >= 1000 && number(3).is_some() {
        writeln!(out, "{last}")?;
    }
    out.flush()
}
