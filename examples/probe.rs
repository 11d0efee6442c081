use launchgate::{source::*, value::*};
fn main() {
    for t in [
        "\ta: 1\n",
        "\ta: 1\n\tb: 2\n",
        "a:\n\tb: 1\n",
        "a: 1\n\tb: 2\n",
        "-\ta\n",
        "a:\tb\n",
        "a: [\n\tb\n]\n",
        "a: |\n\tx\n",
        "a:\n  - b\n\t- c\n",
        "\t- a\n\t- b\n",
        "a: \"x\n\ty\"\n",
        "a: x\n\ty\n",
        "\t# c\na: 1\n",
        "a: 1\n\t\nb: 2\n",
        "a: b: c",
        "a: 1\n b: 2\n",
        "a: @x\n",
        "a: 1\nfoo\n",
        "a: [1\n2\nb: 3\n",
        "a: it's\nb: 'it's'\n",
        "- a\nb: 1\n",
        "a: \"c:\\path\"\n",
        "key: %x\n",
        "a: 1\n   b\n  - c",
        "%YAML 1.2\na",
        "a: `x`\n",
        "a: {{ x }}\n",
        "  a: 1\nb: 2\n",
    ] {
        let f = SourceFile::new(FileId(0), "x", t);
        let p = read(&f, Syntax::Yaml, &Limits::default());
        println!("{t:?}\n   {:?}", p.tree);
        for x in &p.problems {
            let s = x.primary.location.span;
            println!(
                "   {} {s:?} {:?} {} | {}",
                x.rule,
                f.slice(s),
                x.message,
                x.help.as_deref().unwrap_or("")
            )
        }
    }
}
