//! Draws the charts of the gallery and of the product with the production code and reads them back: no words overlap, none
//! leaves its sheet, and each chart keeps to its space, on a page and in a question block. For tests only.

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::diagnostic::Diagnostics;
    use crate::disclosure::protect::{ReleasedCell, Status};
    use crate::document::draw::{Figure, draw, proof};
    use crate::document::outline::{Outline, outline};
    use crate::project::Project;
    use crate::project::indicator::ChartKind;
    use crate::value::Value;

    fn copy(from: &Path, to: &Path) {
        std::fs::create_dir_all(to).expect("a folder can be made");
        for entry in std::fs::read_dir(from).expect("a folder of the repository") {
            let path = entry.expect("an entry").path();
            let target = to.join(path.file_name().expect("a name"));
            if path.is_dir() {
                copy(&path, &target);
            } else {
                std::fs::copy(&path, &target).expect("a file can be copied");
            }
        }
    }

    /// The gallery in a folder of its own, with what it shares with the product.
    fn gallery() -> tempfile::TempDir {
        let folder = tempfile::TempDir::new().expect("a temporary folder");
        let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
        for shared in ["data/schemas", "data/text", "templates"] {
            copy(&repository.join(shared), &folder.path().join(shared));
        }
        copy(&repository.join("tests/projects/gallery/data"), &folder.path().join("data"));
        folder
    }

    /// Shows every document of a project, with its charts as they are drawn on its pages, and then as drawn in question blocks.
    fn each(root: &Path, mut show: impl FnMut(&Outline<'_>, &[Figure])) {
        let mut diagnostics = Diagnostics::default();
        let project = Project::load(root, &mut diagnostics).expect("the project is sound");
        let release = crate::cli::stages::release(&project, &|_| {}, &mut diagnostics).expect("its tables are sound");
        let prose = crate::document::bind::bind(&project, &release, &mut diagnostics);
        for document in project.documents() {
            let released = release.country(&document.country.iso3).expect("a country");
            let prose = prose.iter().find(|prose| prose.country.iso3 == document.country.iso3).expect("its prose");
            let mut outline = outline(document, released, prose, None);
            show(&outline, &draw(&outline).expect("it can be drawn"));
            outline.bindings.questions = outline.charts.iter().map(|indicator| indicator.id.clone()).collect();
            outline.key_figures.clear();
            show(&outline, &draw(&outline).expect("it can be drawn"));
        }
    }

    #[test]
    fn words_never_overlap_and_charts_keep_to_their_space() {
        let gallery = gallery();
        let (mut drawn, mut faults) = (0, Vec::new());
        for root in [gallery.path(), Path::new(env!("CARGO_MANIFEST_DIR"))] {
            let is_product = root != gallery.path();
            each(root, |outline, figures| {
                for figure in figures {
                    let (drawing, face) = (&figure.drawing, outline.document.text.face.as_ref());
                    let mut found = proof::faults(&drawing.svg, face);
                    assert!(figure.words().eq(proof::words(&drawing.svg)), "{}: its texts are its SVG's", figure.id);
                    found.extend(figure.missing_letter.iter().map(|(text, _)| format!("“{text}” lacks a letter")));
                    if let Some(indicator) = outline.project.indicator(&figure.id) {
                        let space = outline.space(indicator);
                        let block = outline.bindings.questions.contains(&figure.id);
                        // A question block holds no matrix and no list of facts; some of the gallery are far too large.
                        let kind = indicator.chart.as_ref().map(|chart| chart.kind);
                        let large = matches!(kind, Some(ChartKind::Matrix | ChartKind::Milestones)) || !is_product;
                        let keeps = drawing.width <= space.width && (block && large || drawing.height <= space.tallest);
                        found.extend((!keeps).then(|| format!("{} x {} mm", drawing.width, drawing.height)));
                    }
                    let (country, text) = (&outline.document.country.iso3, &outline.document.text.language);
                    faults.extend(found.into_iter().map(|fault| format!("{country}/{text} {}: {fault}", figure.id)));
                    drawn += 1;
                }
            });
        }
        assert!(faults.is_empty(), "{faults:#?}");
        assert!(drawn > 150, "{drawn} charts are drawn");
    }

    /// The numbers of a text, thousands closed up, without what stands in brackets: periods.
    fn numbers(text: &str) -> Vec<String> {
        let text: String = text
            .split('(')
            .enumerate()
            .map(|(at, part)| if at == 0 { part } else { part.split_once(')').map_or("", |(_, after)| after) })
            .collect();
        let joined = text.replace([',', '\u{a0}', '\u{202f}'], "");
        let words = joined.split_whitespace().map(without_short_years).collect::<Vec<_>>().join(" ");
        words
            .replace(['–', '·', ';', ':', '/'], " ")
            .split_whitespace()
            .map(|word| word.trim_matches(|c: char| !c.is_ascii_digit()).to_owned())
            .filter(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit()))
            .collect()
    }

    /// A word without the years that it writes in two digits: “’24”, “’05–06”, and the “–06” of “2002–06”.
    fn without_short_years(word: &str) -> &str {
        let is = |text: &str, digits: usize| text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
        let (first, last) = word.split_once('–').unwrap_or((word, ""));
        let short = first.strip_prefix('’').is_some_and(|year| is(year, 2));
        match (short, is(last, 2)) {
            (true, true) => "",
            (true, false) if last.is_empty() => "",
            (false, true) if is(first, 4) => first,
            _ => word,
        }
    }

    #[test]
    fn a_year_in_two_digits_is_no_number() {
        for (text, expected) in
            [("’24", ""), ("’05–06", ""), ("2002–06 41", "2002 41"), ("95–97", "95 97"), ("12–06", "12 06")]
        {
            assert_eq!(numbers(text).join(" "), expected, "{text}");
        }
    }

    /// Hatching lines that are not of the colour of contested figures.
    fn other_hatching(svg: &str) -> usize {
        let lines = svg.split("<line ").skip(1).filter_map(|line| line.split("/>").next());
        let of =
            |line: &str, name: &str| line.split_once(&format!("{name}=\""))?.1.split('"').next().map(str::to_owned);
        let slanted = lines.filter(|line| {
            let [x1, x2, y1, y2] =
                ["x1", "x2", "y1", "y2"].map(|name| of(line, name).and_then(|n| n.parse::<i32>().ok()));
            let thin = of(line, "stroke-width").as_deref() == Some("2");
            thin && x1 != x2 && y1 != y2
        });
        slanted.filter(|line| of(line, "stroke").as_deref() != Some("#A63C1C")).count()
    }

    /// The kinds whose marks are no numbers.
    const WORDLESS: [ChartKind; 4] =
        [ChartKind::Tiers, ChartKind::Neighbours, ChartKind::Matrix, ChartKind::Milestones];

    /// Figures that begin before the first year on the axis, and are not told to: none with a height may.
    fn off_the_axis(cells: &[&ReleasedCell], figure: &Figure, kind: ChartKind) -> Vec<String> {
        let years = figure.words().filter(|text| text.len() == 4).filter_map(|text| text.parse::<i32>().ok());
        let first = years.filter(|year| (1900..2100).contains(year)).min().map_or(f64::MIN, f64::from);
        let timed = matches!(kind, ChartKind::Panels | ChartKind::Rows | ChartKind::Stack | ChartKind::Matrix);
        let cut = |cell: &&&ReleasedCell| {
            let (from, to) = cell.period.decimal();
            let told = to - from > 1.01 && figure.legend.contains(&"beyond") || cell.value.is_none();
            // Without marks all of it is in words.
            let words = figure.legend.is_empty() || figure.words().any(|text| text.contains(": "));
            let in_words = kind == ChartKind::Rows && words;
            timed && from < first && !told && !in_words
        };
        cells.iter().filter(cut).map(|cell| format!("{} begins before the axis", cell.id)).collect()
    }

    /// Numbers that a chart draws, lists or describes and does not draw, list or describe elsewhere.
    fn numbers_apart(outline: &Outline<'_>, figure: &Figure, kind: ChartKind, cells: &[&ReleasedCell]) -> Vec<String> {
        let mut found = Vec::new();
        let words = figure.words().collect::<Vec<_>>().join(" · ");
        let (drawn, said) = (numbers(&words), numbers(&figure.alt));
        let listed =
            figure.data.iter().flat_map(|series| &series.listed).flat_map(|figure| numbers(&figure.worded.text));
        let listed: Vec<String> = listed.collect();
        let crowded = figure.data.iter().any(|series| series.listed.len() > 8);
        for cell in cells.iter().filter(|cell| !matches!(cell.value, Some(Value::Code(_)))) {
            for number in cell.readings().iter().flat_map(|(value, q)| numbers(&outline.say(cell, value, *q))) {
                if !drawn.contains(&number) && !crowded && !is_part(kind, cell) {
                    found.push(format!("{} is not drawn: {number} in {words}", cell.id));
                }
                if !said.contains(&number) || !listed.contains(&number) {
                    found.push(format!("{} is not described: {number}", cell.id));
                }
            }
        }
        let cited = |text: &str| text.starts_with("source") || text.starts_with("ແຫຼ່ງ");
        let year = |number: &str| number.len() == 4 && (1900..2100).contains(&number.parse::<i32>().unwrap_or(0));
        let round = |number: &str| number.len() == 1 || number.bytes().skip(1).all(|digit| digit == b'0');
        let all = figure.words().filter(|text| !cited(text)).flat_map(numbers);
        let undescribed = all.filter(|number| !year(number) && !round(number) && !said.contains(number));
        let dated = kind == ChartKind::Rows && words.contains(": ");
        found.extend(undescribed.filter(|_| !dated).map(|number| format!("{number} is drawn and not described")));
        found
    }

    /// Whether a figure is a part of a stack, whose number is drawn where there is room for it.
    fn is_part(kind: ChartKind, cell: &ReleasedCell) -> bool {
        kind == ChartKind::Stack && !cell.codes.is_empty()
    }

    /// States that the legend names and no figure has, or the other way round.
    fn states_apart(outline: &Outline<'_>, figure: &Figure, kind: ChartKind, cells: &[&ReleasedCell]) -> Vec<String> {
        let words = figure.words().collect::<Vec<_>>().join(" · ");
        let shown = |names: &[&str]| names.iter().any(|name| figure.legend.contains(name));
        let rated = |cell: &ReleasedCell| matches!(cell.value, Some(Value::Code(_)));
        let contested = cells.iter().any(|cell| cell.contested && cell.readings().len() > 1 && !rated(cell));
        let withheld = cells.iter().any(|cell| cell.status == Status::Withheld);
        let zero = cells.iter().filter(|cell| !is_part(kind, cell)).any(|cell| cell.is_zero() && !cell.contested);
        let in_words = figure.data.iter().any(|series| series.listed.len() < 3)
            || matches!(kind, ChartKind::Flow | ChartKind::Bars | ChartKind::Dumbbell);
        let named = words.contains(outline.document.text.word(Status::Withheld.code()));
        let states = [
            ("contested", contested, shown(&["contested", "contested_cell", "first"]), in_words),
            ("withheld", withheld, shown(&["withheld"]), in_words || named),
            ("zero", zero, shown(&["zero"]), in_words),
        ];
        let apart =
            states.into_iter().filter(|(_, occurs, shown, told)| *shown && !occurs || *occurs && !shown && !told);
        apart.map(|(name, ..)| format!("the legend and the figures differ on what is {name}")).collect()
    }

    /// What a chart, its legend, its list and its alternative text say that the others do not.
    fn disagreements(outline: &Outline<'_>, figure: &Figure) -> Vec<String> {
        let kind = outline.project.indicator(&figure.id).and_then(|indicator| Some(indicator.chart.as_ref()?.kind));
        let Some(kind) = kind else { return Vec::new() };
        let cells: Vec<_> = outline.released.all().filter(|cell| figure.figures.contains(&cell.id)).collect();
        let mut found = off_the_axis(&cells, figure, kind);
        if !WORDLESS.contains(&kind) {
            found.extend(numbers_apart(outline, figure, kind, &cells));
        }
        if !matches!(kind, ChartKind::Tiers | ChartKind::Neighbours | ChartKind::Milestones) {
            found.extend(states_apart(outline, figure, kind, &cells));
        }
        let word = |name: &&str| outline.document.text.word(&format!("chart_legend.{name}")).contains("chart_legend");
        found.extend(figure.legend.iter().copied().filter(|name| word(name)).map(|name| format!("no word for {name}")));
        if other_hatching(&figure.drawing.svg) > 0 {
            found.push("what is not contested is hatched".to_owned());
        }
        found
    }

    #[test]
    fn title_legend_list_and_alternative_text_hold_to_the_marks() {
        let gallery = gallery();
        let mut faults = Vec::new();
        for root in [gallery.path(), Path::new(env!("CARGO_MANIFEST_DIR"))] {
            each(root, |outline, figures| {
                for figure in figures {
                    let place =
                        format!("{}/{} {}", outline.document.country.iso3, outline.document.text.language, figure.id);
                    faults.extend(disagreements(outline, figure).into_iter().map(|fault| format!("{place}: {fault}")));
                }
                for title in outline.bindings.titles.iter().filter(|title| title.what == "chart") {
                    let Some(figure) = figures.iter().find(|figure| figure.id == title.id) else { continue };
                    let undrawn =
                        outline.bindings.printed_in(title).filter(|(id, _)| !figure.figures.iter().any(|f| f == id));
                    faults.extend(undrawn.map(|(id, _)| format!("the title of {} prints {id}", figure.id)));
                }
            });
        }
        assert!(faults.is_empty(), "{faults:#?}");
    }
}
