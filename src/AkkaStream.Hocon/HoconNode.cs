using System.Globalization;

namespace AkkaStream.Hocon;

/// <summary>What the value of a node is; <see cref="None"/> for a node that has only fields.</summary>
public enum HoconKind
{
    None,
    Null,
    Boolean,
    Number,
    String,
    List,
}

/// <summary>
/// One place in a finished configuration. Kafka's names make it necessary that a value may have fields as well:
/// <c>log.dir</c> is a setting and so is <c>log.dir.failure.timeout.ms</c>. So a node has two halves, a value (a scalar
/// or a list) and fields, and may have both. Immutable; nodes may be shared between places.
/// </summary>
public sealed class HoconNode
{
    static readonly OrderedDictionary<string, HoconNode> NoFields = [];
    readonly OrderedDictionary<string, HoconNode>? _fields;

    internal HoconNode(
        HoconOrigin origin, HoconKind kind, string text, IReadOnlyList<HoconNode> items,
        OrderedDictionary<string, HoconNode>? fields)
    {
        Origin = origin;
        Kind = kind;
        Text = text;
        Items = items;
        _fields = fields;
        foreach (var item in items) Size = Math.Min(Size + item.Size, int.MaxValue / 2);
        if (fields is null) return;
        foreach (var field in fields) Size = Math.Min(Size + field.Value.Size, int.MaxValue / 2);
    }

    /// <summary>Where the value was written, or where the fields begin when there is no value.</summary>
    public HoconOrigin Origin { get; }

    public HoconKind Kind { get; }

    /// <summary>The scalar's text as written, without quotes; empty for lists and for nodes without a value.</summary>
    public string Text { get; }

    public IReadOnlyList<HoconNode> Items { get; }

    /// <summary>In the order in which the names first occurred.</summary>
    public IReadOnlyDictionary<string, HoconNode> Fields => _fields ?? NoFields;

    /// <summary>True also for an empty object, which has no fields but is one.</summary>
    public bool IsObject => _fields is not null;

    public bool IsNull => Kind == HoconKind.Null;

    public bool IsScalar => Kind is HoconKind.Boolean or HoconKind.Number or HoconKind.String;

    /// <summary>Places in this part of the tree; shared parts count once for each place.</summary>
    internal int Size { get; } = 1;

    public HoconNode? Find(ReadOnlySpan<string> path)
    {
        var node = this;
        foreach (var name in path)
        {
            if (node._fields is null || !node._fields.TryGetValue(name, out var next)) return null;
            node = next;
        }

        return node;
    }

    internal static HoconNode Scalar(HoconOrigin origin, HoconKind kind, string text) =>
        new(origin, kind, text, [], null);

    internal static HoconNode List(HoconOrigin origin, IReadOnlyList<HoconNode> items) =>
        new(origin, HoconKind.List, "", items, null);

    internal static HoconNode Object(HoconOrigin origin, OrderedDictionary<string, HoconNode> fields) =>
        new(origin, HoconKind.None, "", [], fields);

    /// <summary>The second overrides or merges with the first, half by half; null takes both halves away.</summary>
    internal static HoconNode Merge(HoconNode lower, HoconNode higher)
    {
        if (higher.IsNull || lower.IsNull) return higher;
        var value = higher.Kind == HoconKind.None ? lower : higher;
        return new HoconNode(
            value.Kind == HoconKind.None ? higher.Origin : value.Origin,
            value.Kind, value.Text, value.Items, MergeFields(lower._fields, higher._fields));
    }

    static OrderedDictionary<string, HoconNode>? MergeFields(
        OrderedDictionary<string, HoconNode>? lower, OrderedDictionary<string, HoconNode>? higher)
    {
        if (lower is null || higher is null) return higher ?? lower;
        var fields = new OrderedDictionary<string, HoconNode>(lower);
        foreach (var (name, node) in higher)
            fields[name] = fields.TryGetValue(name, out var below) ? Merge(below, node) : node;
        return fields;
    }

    /// <summary>An object whose names are whole numbers reads as a list, as properties files need it.</summary>
    internal IReadOnlyList<HoconNode>? ItemsOrNumberedFields()
    {
        if (Kind == HoconKind.List) return Items;
        if (Kind != HoconKind.None || _fields is null) return null;
        var numbered = new List<(int Index, HoconNode Node)>();
        foreach (var (name, node) in _fields)
        {
            if (int.TryParse(name, NumberStyles.None, null, out var index)) numbered.Add((index, node));
        }

        if (numbered.Count == 0) return null;
        numbered.Sort((a, b) => a.Index.CompareTo(b.Index));
        return numbered.ConvertAll(entry => entry.Node);
    }
}
