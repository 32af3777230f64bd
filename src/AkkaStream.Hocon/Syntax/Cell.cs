namespace AkkaStream.Hocon.Syntax;

/// <summary>
/// One place of the tree while it is being finished: everything that was ever assigned to it, oldest first. Children
/// are cut out of these layers when someone asks for them, so a substitution that wants one field of an object does not
/// evaluate the object's other fields.
/// </summary>
sealed class Cell(Budget budget)
{
    Dictionary<string, Cell>? _children;

    public List<Layer> Layers { get; } = [];

    /// <summary>
    /// Layers being looked up right now, innermost last. A reference back to this cell sees only what is below.
    /// </summary>
    public List<ActiveLayer> Active { get; } = [];

    /// <summary>Limits of the evaluations under way; coming back at the same limit is a circle.</summary>
    public List<int> Evaluating { get; } = [];

    public Finished? Finished { get; set; }

    /// <summary>By name, in the order in which literal objects mention them.</summary>
    public Dictionary<string, Cell> Children => _children ??= CutChildren();

    /// <summary>A child that no literal object mentions may still come out of a substitution.</summary>
    public Cell? Child(string name)
    {
        if (Children.TryGetValue(name, out var child)) return child;
        child = new Cell(budget);
        for (var i = 0; i < Layers.Count; i++)
        {
            if (Layers[i].IsExpression) Project(child, name, i);
        }

        if (child.Layers.Count == 0) return null;
        Children.Add(name, child);
        return child;
    }

    Dictionary<string, Cell> CutChildren()
    {
        var children = new Dictionary<string, Cell>();
        var expressions = new List<int>();
        for (var i = 0; i < Layers.Count; i++)
        {
            if (Layers[i].Literal is { } literal)
            {
                foreach (var (name, value, part) in literal.Fields)
                    Child(children, name, expressions).Layers.Add(new Layer(value, i) { Part = part });
            }
            else if (Layers[i].IsExpression)
            {
                expressions.Add(i);
                foreach (var (name, child) in children) Project(child, name, i);
            }
        }

        return children;
    }

    Cell Child(Dictionary<string, Cell> children, string name, List<int> expressions)
    {
        if (children.TryGetValue(name, out var child)) return child;
        child = new Cell(budget);
        foreach (var index in expressions) Project(child, name, index);
        children.Add(name, child);
        return child;
    }

    void Project(Cell child, string name, int index)
    {
        var layer = Layers[index];
        budget.Spend(10, layer.Origin);
        child.Layers.Add(layer.Owner is null
            ? new Layer(layer.Element, index, [name], this, index - layer.Part)
            : new Layer(layer.Element, index, [.. layer.Names, name], layer.Owner, layer.OwnerIndex));
    }
}

/// <summary>
/// One assignment to a cell. With an owner it is not an assignment of its own, but the named field inside of what the
/// owner's substitution brings.
/// </summary>
sealed class Layer(HoconElement element, int parentIndex, string[] names, Cell? owner, int ownerIndex)
{
    public Layer(HoconElement element, int parentIndex)
        : this(element, parentIndex, [], null, 0)
    {
    }

    public HoconElement Element => element;
    public HoconOrigin Origin => element.Origin;

    /// <summary>The parent's layer this was cut from.</summary>
    public int ParentIndex => parentIndex;

    /// <summary>How many layers below this one belong to the same assignment.</summary>
    public int Part { get; init; }
    public string[] Names => names;
    public Cell? Owner => owner;
    public int OwnerIndex => ownerIndex;

    public Finished? Finished { get; set; }

    public bool IsAppend => owner is null && element is AppendElement;

    public bool IsExpression => owner is not null || element.IsExpression;

    public ObjectElement? Literal => owner is null ? element as ObjectElement : null;

    /// <summary>Certainly a value: it hides every substitution below it.</summary>
    public bool IsPlain =>
        owner is null && element is ScalarElement or ListElement or ConcatenationElement { IsValue: true };

    public bool IsNull => owner is null && element is ScalarElement { Kind: HoconKind.Null };
}

/// <summary>A result that holds for good; the node is null when there is no value.</summary>
sealed record Finished(HoconNode? Node);

/// <param name="Index">Which layer of the cell.</param>
/// <param name="Position">Where in the pile of all active layers: tells whose business a look back was.</param>
sealed record ActiveLayer(int Index, int Position);
