namespace AkkaStream.Hocon.Syntax;

/// <summary>
/// What the parser read, before substitutions are looked up and layers are merged. Built by <see cref="HoconParser"/>,
/// read by <see cref="HoconResolver"/>, never changed after parsing.
/// </summary>
abstract class HoconElement(HoconOrigin origin)
{
    public HoconOrigin Origin { get; } = origin;

    /// <summary>True when only the rest of the configuration tells what this is.</summary>
    public virtual bool IsExpression => false;
}

/// <summary>A text, number, boolean or null. Numbers and booleans keep the letters they were written with.</summary>
sealed class ScalarElement(HoconOrigin origin, HoconKind kind, string text, bool quoted) : HoconElement(origin)
{
    public HoconKind Kind { get; } = kind;
    public string Text { get; } = text;

    /// <summary>Quoted blanks between two lists are a mistake, unquoted ones are mere layout.</summary>
    public bool Quoted { get; } = quoted;

    public bool IsLayout => !Quoted && string.IsNullOrWhiteSpace(Text);
}

sealed class ListElement(HoconOrigin origin, List<HoconElement> items) : HoconElement(origin)
{
    public List<HoconElement> Items { get; } = items;
}

/// <summary>
/// The fields in the order they were written; a name may occur several times, later ones override or merge.
/// </summary>
sealed class ObjectElement(HoconOrigin origin, List<HoconField> fields) : HoconElement(origin)
{
    public List<HoconField> Fields { get; } = fields;
}

/// <param name="Name">One name: a longer path has become objects around the value.</param>
/// <param name="Value">What was assigned.</param>
/// <param name="Part">Counts what stood side by side in one assignment: no part is an earlier value of another.</param>
/// <remarks>A class, as all that lists hold here: code for lists of structs is compiled at every start.</remarks>
sealed record HoconField(string Name, HoconElement Value, int Part = 0);

/// <summary><c>${path}</c> or <c>${?path}</c>. The mount tells where the file it stands in was included.</summary>
sealed class SubstitutionElement(HoconOrigin origin, string[] path, bool optional, HoconMount? mount)
    : HoconElement(origin)
{
    public string[] Path { get; } = path;
    public bool Optional { get; } = optional;
    public HoconMount? Mount { get; } = mount;

    /// <summary>Set when it stands beside an object literal, where only an object makes sense.</summary>
    public bool MustBeObject { get; init; }

    public override bool IsExpression => true;

    public string Written => $"${{{(Optional ? "?" : "")}{HoconPath.Render(Path)}}}";
}

/// <summary>Texts, lists and substitutions side by side on one line.</summary>
sealed class ConcatenationElement(HoconOrigin origin, List<HoconElement> parts) : HoconElement(origin)
{
    public List<HoconElement> Parts { get; } = parts;
    public override bool IsExpression => true;

    /// <summary>With a text or list among the parts it is a value, whatever the substitutions bring.</summary>
    public bool IsValue { get; } = parts.Exists(part => part is ListElement or ScalarElement { IsLayout: false });
}

/// <summary>
/// Objects, and substitutions that must become objects, side by side: the same as assigning one after the other.
/// </summary>
sealed class MergeElement(HoconOrigin origin, List<HoconElement> parts) : HoconElement(origin)
{
    public List<HoconElement> Parts { get; } = parts;
    public override bool IsExpression => true;
}

/// <summary><c>+=</c>: whatever list was there before, and this item.</summary>
sealed class AppendElement(HoconOrigin origin, HoconElement item) : HoconElement(origin)
{
    public HoconElement Item { get; } = item;
    public override bool IsExpression => true;
}

/// <summary>The object into which a file was included; a substitution of that file is looked up there first.</summary>
sealed record HoconMount(string[] Path, HoconMount? Outer);
