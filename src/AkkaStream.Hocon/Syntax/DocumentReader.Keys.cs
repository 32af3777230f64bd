using System.Text;

namespace AkkaStream.Hocon.Syntax;

/// <summary>Keys and the paths in substitutions, and the include statement, which stands where a key could.</summary>
partial class DocumentReader
{
    public string[] ReadWholePath()
    {
        SkipBlanks();
        var path = ReadPath("a path");
        if (AtEnd) return path;
        throw new HoconException(Here,
            $"the character {Current} is not allowed in a path; put the name in double quotes");
    }

    void ReadField(List<HoconField> fields)
    {
        if (AtInclude())
        {
            ReadInclude(fields);
            return;
        }

        var origin = Here;
        var path = ReadPath("a key");
        SkipLayout();
        var what = $"\"{HoconPath.Render(path)}\"";
        var append = false;
        if (Next("+="))
        {
            append = true;
            Skip(2);
        }
        else if (!AtEnd && Current is ':' or '=')
        {
            Skip();
        }
        else if (!Next('{'))
        {
            throw AtEnd || !IsReserved(Current)
                ? new HoconException(origin, $"the key {what} has no value; write = and a value after it")
                : new HoconException(Here,
                    $"the character {Current} is not allowed in a key; put the key in double quotes");
        }

        SkipLayout();
        _names.AddRange(path);
        if (_depth + _names.Count > HoconParser.MaxDepth) throw TooDeep(origin);
        var value = ReadValue(what);
        _names.RemoveRange(_names.Count - path.Length, path.Length);
        AddField(fields, origin, path, append ? new AppendElement(origin, value) : value);
    }

    /// <summary>
    /// A path as a key makes an object for each name but the last; objects side by side become fields in turn.
    /// </summary>
    static void AddField(List<HoconField> fields, HoconOrigin origin, string[] path, HoconElement value)
    {
        List<HoconElement> parts = value is MergeElement merge ? merge.Parts : [value];
        var last = new List<HoconField>(parts.Count);
        foreach (var part in parts) last.Add(new HoconField(path[^1], part, last.Count));
        for (var i = path.Length - 2; i >= 0; i--) last = [new HoconField(path[i], new ObjectElement(origin, last))];
        fields.AddRange(last);
    }

    /// <summary>Dots outside of quotes part the names; blanks inside a name belong to it.</summary>
    string[] ReadPath(string what)
    {
        var origin = Here;
        var names = new List<string>();
        var name = new StringBuilder();
        var quoted = false;
        SkipBlanks();
        while (true)
        {
            var blanks = Position;
            SkipBlanks();
            var inside = TextFrom(blanks);
            if (AtEnd || Current is '\n' || AtComment || (Current != '"' && IsReserved(Current))) break;
            name.Append(inside);
            if (Current == '"')
            {
                name.Append(ReadQuoted());
                quoted = true;
                continue;
            }

            while (!AtEnd && !EndsUnquoted())
            {
                if (Current == '.') EndName();
                else name.Append(Current);
                Skip();
            }
        }

        EndName();
        return [.. names];

        void EndName()
        {
            if (name.Length == 0 && !quoted) throw EmptyName(what, origin, names.Count > 0 || Next('.'));
            names.Add(name.ToString());
            name.Clear();
            quoted = false;
        }
    }

    HoconException EmptyName(string what, HoconOrigin origin, bool dots) => new(origin, dots
        ? $"{what} has a dot with no name beside it; remove the dot, or write \"\" for an empty name"
        : AtEnd || IsBlank(Current) || Current == '}'
            ? $"{what} is empty; write a name"
            : $"the character {Current} is not allowed in {what}; put the name in double quotes");

    bool AtInclude()
    {
        const string word = "include";
        if (!Next(word)) return false;
        var after = Position + word.Length;
        return after >= Text.Length || IsBlank(Text[after]) || IsReserved(Text[after])
            || Text.AsSpan(after).StartsWith("//");
    }

    void ReadInclude(List<HoconField> fields)
    {
        var origin = Here;
        Skip("include".Length);
        SkipLayout();
        var required = Open("required(");
        var form = Open("file(") ? IncludeForm.File
            : Open("classpath(") ? IncludeForm.Resource
            : Open("url(") ? IncludeForm.Url
            : IncludeForm.Beside;
        if (!Next('"') || Next("\"\"\""))
        {
            throw new HoconException(origin,
                "after include the name of a file must stand in double quotes, plain or in " +
                "file(...) or required(...). To use include as a key, put it in double quotes");
        }

        var name = ReadQuoted();
        if (form != IncludeForm.Beside) Close(origin);
        if (required) Close(origin);
        foreach (var found in includes.Read(new IncludeRequest(form, name, required, Source, origin)))
        {
            using var _ = includes.Enter(found.Source, origin);
            var included = new DocumentReader(found.Text, found.Source, includes, MountHere());
            fields.AddRange(included.ReadIncluded(found, _names.Count + _depth).Fields);
        }
    }

    ObjectElement ReadIncluded(IncludedText found, int depth)
    {
        _depth = depth;
        if (found.IsProperties) return PropertiesFile.Parse(found.Text, found.Source).ToObject([]);
        return ReadDocument() as ObjectElement
            ?? throw new HoconException(new HoconOrigin(found.Source, 1, 1),
                "an included file must hold an object, not a list");
    }

    /// <summary>Inside a list there is no path to mount at: substitutions are looked up from the root alone.</summary>
    HoconMount? MountHere()
    {
        if (_listDepth > 0 || _names.Count == 0) return mount;
        return new HoconMount([.. mount?.Path ?? [], .. _names], mount);
    }

    bool Open(string opening)
    {
        if (!Next(opening)) return false;
        Skip(opening.Length);
        SkipLayout();
        return true;
    }

    void Close(HoconOrigin origin)
    {
        SkipLayout();
        if (!Next(')')) throw new HoconException(origin, "this include lacks a closing parenthesis");
        Skip();
    }
}
