//! The story of a country on the page: its rating, its deck, four figures, one chart and what is asked of whom. It is what page one
//! of its first document says, in the same words.

use anyhow::Result;
use quick_xml::escape::escape;

use super::Page;
use crate::document::typeset::{CHART, Summary, SummedChart, SummedFigure, SummedRequest};

impl Page<'_> {
    pub(super) fn story(&self, iso3: &str, summary: &Summary) -> Result<String> {
        let mut html = String::from("<div class=\"story\">\n");
        if let Some((label, now)) = &summary.tier {
            html += &format!("<p class=\"tier\"><span>{}</span> <strong>{}</strong></p>\n", escape(label), escape(now));
        }
        if !summary.deck.is_empty() {
            html += &format!("<p class=\"deck\">{}</p>\n", escape(&summary.deck));
        }
        if !summary.figures.is_empty() {
            let figures: String = summary.figures.iter().map(figure).collect();
            html += &format!("<ul class=\"figures\">\n{figures}</ul>\n");
        }
        if let Some(chart) = &summary.chart {
            html += &self.chart(iso3, chart)?;
        }
        if !summary.requests.is_empty() {
            let requests: String = summary.requests.iter().map(request).collect();
            html += &format!("<h3>{}</h3>\n<ol class=\"asks\">\n{requests}</ol>\n", self.word("asked"));
        }
        Ok(html + "</div>\n")
    }

    /// The chart with its title, and as files to be put into a text of others.
    fn chart(&self, iso3: &str, chart: &SummedChart) -> Result<String> {
        let folder = format!("{iso3}/{}", self.text.language);
        let Some(drawn) = self.listed(&format!("{folder}/figures/{}.svg", chart.id))? else { return Ok(String::new()) };
        let mut files = vec![format!("<a href=\"{}\" type=\"image/svg+xml\">SVG</a>", escape(&drawn.path))];
        if let Some(picture) = self.listed(&format!("{folder}/{CHART}"))? {
            files.push(format!("<a href=\"{}\" type=\"image/png\">PNG</a>", escape(&picture.path)));
        }
        Ok(format!(
            "<figure>\n<figcaption>{}</figcaption>\n<img src=\"{}\" alt=\"{}\"/>\n<p class=\"facts\">{}: {}</p>\n</figure>\n",
            escape(&chart.title),
            escape(&drawn.path),
            escape(&chart.alt),
            self.word("web_chart"),
            files.join(" · "),
        ))
    }
}

fn figure(figure: &SummedFigure) -> String {
    let also = |class: &str, text: &str| match text {
        "" => String::new(),
        text => format!(" <span class=\"{class}\">{}</span>", escape(text)),
    };
    format!(
        "<li><span class=\"what\">{}</span> <strong{}>{}</strong>{}{}{}</li>\n",
        escape(&figure.title),
        if figure.in_words { " class=\"words\"" } else { "" },
        escape(&figure.value),
        also("or", &figure.or),
        also("facts", &figure.about),
        also("facts", &figure.change),
    )
}

fn request(request: &SummedRequest) -> String {
    let line = |class: &str, text: &str| match text {
        "" => String::new(),
        text => format!("<br/><span class=\"{class}\">{}</span>", escape(text)),
    };
    let (of, met) = (line("facts", &request.of), line("met", &request.met));
    format!("<li><strong>{}</strong>{of}{met}</li>\n", escape(&request.asked))
}
