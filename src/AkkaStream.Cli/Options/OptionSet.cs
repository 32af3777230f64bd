using AkkaStream.Client;

namespace AkkaStream.Cli.Options;

/// <summary>
/// The options of one tool, and how a command line is read by them: --name value, --name=value, and one dash where somebody meant two.
/// A name that does not exist is answered with the nearest one that does.
/// </summary>
sealed class OptionSet(string tool, string summary)
{
    const int HelpColumn = 42;
    const int HelpWidth = 110;

    readonly List<Option> _options = [];
    readonly Dictionary<string, Option> _byName = [];

    public string Tool => tool;

    /// <summary>The bare command does something.</summary>
    public bool WorksWithoutArguments { get; init; }

    public OptionSet Add(Option option)
    {
        _options.Add(option);
        _byName[option.Name] = option;
        foreach (string older in option.Older) _byName[older] = option;
        return this;
    }

    public OptionSet Flag(string name, string text, params string[] older) => Add(new Option(name, Takes.Nothing, text) { Older = older });

    public OptionSet Value(string name, string argument, string text, params string[] older) =>
        Add(new Option(name, Takes.Value, text) { Argument = argument, Older = older });

    public OptionSet Values(string name, string argument, string text, params string[] older) =>
        Add(new Option(name, Takes.Value, text) { Argument = argument, Older = older, Repeats = true });

    public OptionSet Refused(string name, Takes takes, string refusal) =>
        Add(new Option(name, takes, "") { IsHidden = true, Refusal = refusal });

    public Parsed Parse(IReadOnlyList<string> args)
    {
        // What belongs to another tool says more about the mistake than anything else on the line.
        foreach (string text in args)
            if (IsOption(text) && Find(NameOf(text)).Refusal is { } other) throw new UsageException(other);
        var parsed = new Parsed(this);
        for (int i = 0; i < args.Count; i++)
        {
            string text = args[i];
            if (text == "--") continue;
            if (!text.StartsWith('-') || text.Length == 1) throw NoOption(text);
            int equals = text.IndexOf('=');
            string name = (equals < 0 ? text : text[..equals]).TrimStart('-');
            var option = Find(name);
            if (option.Refusal is { } refusal) throw new UsageException(refusal);
            string? value = equals < 0 ? null : text[(equals + 1)..];
            if (option.Takes == Takes.Nothing && value is not null) throw new UsageException($"--{option.Name} takes no value");
            if (option.Takes != Takes.Nothing && value is null && i + 1 < args.Count && !IsOption(args[i + 1])) value = args[++i];
            if (option.Takes == Takes.Value
                && value is null) throw new UsageException($"Option {option.Name} requires an argument ({option.Argument})");
            if (!option.Repeats && parsed.Has(option.Name)) throw new UsageException($"--{option.Name} is given more than once");
            parsed.Set(option.Name, value);
            while (option.IsList && i + 1 < args.Count && !args[i + 1].StartsWith("--", StringComparison.Ordinal)) parsed.Set(option.Name, args[++i]);
        }
        return parsed;
    }

    // A value may begin with a dash (--shift-by -3), but not look like an option of this tool.
    bool IsOption(string text) => text.StartsWith("--", StringComparison.Ordinal) && _byName.ContainsKey(NameOf(text));

    static string NameOf(string text)
    {
        int equals = text.IndexOf('=');
        return (equals < 0 ? text : text[..equals]).TrimStart('-');
    }

    Option Find(string name)
    {
        if (_byName.TryGetValue(name, out var option)) return option;
        if (name == "zookeeper")
        {
            throw new UsageException(
                "zookeeper is not a recognized option: brokers answer for themselves since Kafka 3.0. Write --bootstrap-server HOST:PORT "
                + "(for example localhost:9092) instead.");
        }
        string? nearest = NearestName.Of(name, _byName.Where(o => !o.Value.IsHidden).Select(o => o.Key));
        throw new UsageException($"{name} is not a recognized option{(nearest is null ? "" : $"; did you mean --{nearest}?")}");
    }

    UsageException NoOption(string text) => _byName.TryGetValue(text, out var option) && !option.IsHidden
        ? new UsageException($"'{text}' is written with dashes: --{text}")
        : new UsageException($"'{text}' belongs to no option: values follow their option, as in --{_options[0].Name} {_options[0].Argument}");

    public void WriteHelp(TextWriter to)
    {
        to.WriteLine(summary);
        to.WriteLine();
        foreach (var option in _options.Where(o => !o.IsHidden).OrderBy(o => o.Name, StringComparer.Ordinal))
        {
            string left = "  --" + option.Name + (option.Takes switch
            {
                Takes.Value => $" <{option.Argument}>",
                Takes.MayTakeValue => $" [{option.Argument}]",
                _ => "",
            });
            string text = option.Text + (option.Older.Length == 0 ? "" : $" (also --{string.Join(", --", option.Older)})");
            WriteEntry(to, left, text);
        }
    }

    static void WriteEntry(TextWriter to, string left, string text)
    {
        to.Write(left.PadRight(HelpColumn));
        if (left.Length >= HelpColumn)
        {
            to.WriteLine();
            to.Write(new string(' ', HelpColumn));
        }
        int column = HelpColumn;
        foreach (string word in text.Split(' '))
        {
            if (column + word.Length > HelpWidth)
            {
                to.WriteLine();
                to.Write(new string(' ', HelpColumn));
                column = HelpColumn;
            }
            else if (column > HelpColumn)
            {
                to.Write(' ');
            }
            to.Write(word);
            column += word.Length + 1;
        }
        to.WriteLine();
    }
}
