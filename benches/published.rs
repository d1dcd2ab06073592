//! A published table that states every combination of five dimensions, each complete, in twenty years.

use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::Result;

pub const DIMENSIONS: [&str; 5] = ["purpose", "sex", "age_group", "nationality", "province"];

pub const SOURCES: &str = "id,title,publisher,published,accessed,url,role,rank,origin,covers,complete,note\n\
    yearbook,Yearbook,Statistical Office,2025-06,,https://example.org/yearbook,publication,1,,,\
    purpose;sex;age_group;nationality;province,\n";

const PURPOSES: [&str; 10] = [
    "sexual_exploitation",
    "forced_labour",
    "child_labour",
    "forced_marriage",
    "servitude",
    "organ_removal",
    "forced_begging",
    "forced_adoption",
    "surrogacy",
    "other",
];

/// Countries of ISO 3166-1.
const COUNTRIES: &str = "AFG ALB DZA AND AGO ARG ARM AUS AUT AZE BHS BHR BGD BRB BLR BEL BLZ BEN BTN BOL BIH BWA BRA BRN \
    BGR BFA BDI KHM CMR CAN CPV CAF TCD CHL CHN COL COM COG CRI CIV HRV CUB CYP CZE DNK DJI DMA DOM ECU EGY SLV GNQ ERI EST \
    ETH FJI FIN FRA GAB GMB GEO DEU GHA GRC GRD GTM GIN GNB GUY HTI HND HUN ISL IND IDN IRN IRQ IRL ISR ITA JAM JPN JOR KAZ \
    KEN KIR KWT KGZ LVA LBN LSO LBR LBY LIE LTU LUX MDG MWI MYS MDV MLI MLT MHL MRT MUS MEX FSM MDA MCO MNG MNE MAR MOZ MMR \
    NAM NRU NPL NLD NZL NIC NER NGA NOR OMN PAK PLW PAN PNG PRY PER PHL POL PRT QAT ROU RUS RWA";

/// Writes the table: so many purposes, nationalities and provinces.
pub fn write(path: &Path, [purposes, nationalities, provinces]: [usize; 3]) -> Result<()> {
    let mut file = BufWriter::with_capacity(1 << 20, std::fs::File::create(path)?);
    writeln!(file, "period,stage,purpose,sex,age_group,nationality,province,count,qualifier,source,note")?;
    let countries: Vec<&str> = COUNTRIES.split(' ').filter(|code| !code.is_empty()).collect();
    let mut count = 0_u64;
    for year in 2005..2025 {
        for (sex, age) in [("female", "0-17"), ("female", "18+"), ("male", "0-17"), ("male", "18+")] {
            for purpose in PURPOSES.iter().take(purposes) {
                for nationality in countries.iter().take(nationalities) {
                    for province in 1..=provinces {
                        count = (count * 31 + 7) % 997;
                        writeln!(
                            file,
                            "{year},arrested,{purpose},{sex},{age},{nationality},LA-{province:03},{count},,yearbook,"
                        )?;
                    }
                }
            }
        }
    }
    Ok(file.flush()?)
}
