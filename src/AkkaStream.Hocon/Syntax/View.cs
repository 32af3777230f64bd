namespace AkkaStream.Hocon.Syntax;

/// <summary>
/// A cell as seen from one reference: the whole of it, or, for a reference from within, only the layers below the one
/// being looked up. Layers before the last null are out of sight as well: null starts a place over.
/// </summary>
sealed class View
{
    readonly View? _parent;
    readonly int _from;

    View(Cell cell, View? parent, int from, int limit, bool whole)
    {
        Cell = cell;
        _parent = parent;
        _from = from;
        Start = from;
        Limit = limit;
        IsWhole = whole;
        for (var i = from; i < limit; i++)
        {
            if (cell.Layers[i].IsNull) Start = i;
            if (cell.Layers[i].IsPlain) Plain = i;
        }
    }

    public Cell Cell { get; }
    public int Start { get; }
    public int Limit { get; }

    /// <summary>
    /// True when nothing is hidden from this view that another one sees: its evaluation is the final value.
    /// </summary>
    public bool IsWhole { get; }

    /// <summary>The newest layer known to be a value; -1 when there is none.</summary>
    public int Plain { get; private set; } = -1;

    public static View Root(Cell cell) => new(cell, null, 0, cell.Layers.Count, whole: true);

    public View Below(int limit) => new(Cell, _parent, _from, Math.Max(limit, _from), whole: false);

    /// <summary>
    /// A substitution turned out to be a value: it hides the substitutions below it, as a plain value does.
    /// </summary>
    public void HideBelow(int index) => Plain = Math.Max(Plain, index);

    /// <summary>Null when nothing of the child is in sight.</summary>
    public View? Child(Cell child, int start)
    {
        int first = 0, limit = child.Layers.Count;
        while (first < limit && child.Layers[first].ParentIndex < start) first++;
        while (limit > first && child.Layers[limit - 1].ParentIndex >= Limit) limit--;
        if (first == limit) return null;
        return new View(child, this, first, limit, IsWhole && start == Start);
    }

    /// <summary>
    /// A substitution under a plain value is never looked up, so it need not exist; the same for the fields it would
    /// bring.
    /// </summary>
    public bool Sees(int index)
    {
        if (index < Start || index >= Limit) return false;
        var layer = Cell.Layers[index];
        if (!layer.IsExpression) return true;
        return index >= Plain && (layer.Owner is null || _parent is null || _parent.Sees(layer.ParentIndex));
    }
}
