namespace AkkaStream.Hocon.Syntax;

/// <summary>
/// The grammar of one document: objects, lists, fields and their separators. Values are in
/// <c>DocumentReader.Values.cs</c>, keys, paths and includes in <c>DocumentReader.Keys.cs</c>. Used once and thrown
/// away.
/// </summary>
sealed partial class DocumentReader(string text, string source, HoconIncludes includes, HoconMount? mount = null)
    : CharacterReader(text, source)
{
    /// <summary>Names of the objects around the current field, from the root of this document.</summary>
    readonly List<string> _names = [];

    int _depth;
    int _listDepth;

    public HoconElement ReadDocument()
    {
        SkipLayout();
        HoconElement root;
        if (Next('['))
        {
            root = ReadList();
        }
        else if (Next('{'))
        {
            root = ReadObject();
        }
        else
        {
            root = new ObjectElement(Here, ReadFields(closed: false));
        }

        SkipLayout();
        if (AtEnd) return root;
        if (Next('}')) throw BraceTooMany();
        throw new HoconException(Here,
            $"the document ends before this; remove \"{RestOfLine(Position)}\", or move it inside the braces");
    }

    ObjectElement ReadObject()
    {
        var origin = Here;
        Skip();
        Deeper(origin);
        var fields = ReadFields(closed: true);
        _depth--;
        if (!Next('}')) throw new HoconException(origin, "this { is never closed; add a }");
        Skip();
        return new ObjectElement(origin, fields);
    }

    List<HoconField> ReadFields(bool closed)
    {
        var fields = new List<HoconField>();
        SkipLayout();
        RefuseComma("a comma may not come first; remove it");
        while (!AtEnd && !Next('}'))
        {
            ReadField(fields);
            if (!SkipSeparator("field") && !AtEnd && !Next('}')) throw WrongBracket("}");
        }

        if (!closed && Next('}')) throw BraceTooMany();
        return fields;
    }

    ListElement ReadList()
    {
        var origin = Here;
        Skip();
        Deeper(origin);
        _listDepth++;
        var items = new List<HoconElement>();
        SkipLayout();
        RefuseComma("a comma may not come first; remove it");
        while (!AtEnd && !Next(']'))
        {
            items.Add(ReadValue("a list item"));
            if (!SkipSeparator("item") && !AtEnd && !Next(']')) throw WrongBracket("]");
        }

        if (!Next(']')) throw new HoconException(origin, "this [ is never closed; add a ]");
        Skip();
        _listDepth--;
        _depth--;
        return new ListElement(origin, items);
    }

    /// <summary>A comma or a line end, and all white space around; false when there is neither.</summary>
    bool SkipSeparator(string what)
    {
        var newLine = SkipLayout();
        if (!Next(',')) return newLine;
        Skip();
        SkipLayout();
        RefuseComma($"two commas in a row; remove one, or put a {what} between them");
        return true;
    }

    HoconException BraceTooMany() => new(Here, "there is a } too many; remove it, or add the { it should close");

    void RefuseComma(string problem)
    {
        if (Next(',')) throw new HoconException(Here, problem);
    }

    /// <summary>
    /// A value ends at a comma, a line end or a closing bracket; so only the wrong bracket can stand here.
    /// </summary>
    HoconException WrongBracket(string close) =>
        new(Here, $"a {Current} stands where {close} was expected; close what was opened last first");

    void Deeper(HoconOrigin origin)
    {
        if (++_depth + _names.Count > HoconParser.MaxDepth) throw TooDeep(origin);
    }

    static HoconException TooDeep(HoconOrigin origin) =>
        new(origin, $"nested more than {HoconParser.MaxDepth} deep; flatten the configuration");
}
