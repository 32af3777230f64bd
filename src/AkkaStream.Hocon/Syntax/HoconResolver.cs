namespace AkkaStream.Hocon.Syntax;

/// <summary>
/// Looks up substitutions and merges layers, giving the finished tree. A reference looks at the final value of its
/// target; only when that leads back to the place being looked up does it see what was assigned there before
/// (<c>path = ${path} [x]</c>). Circles that even this cannot break are named in the complaint. Expressions are in
/// <c>HoconResolver.Expressions.cs</c>.
/// </summary>
sealed partial class HoconResolver
{
    readonly Func<string, string?> _environment;
    readonly Budget _budget = new();
    readonly Cell _root;

    /// <summary>The substitutions being looked up, outermost first: what a circle's message lists.</summary>
    readonly List<SubstitutionElement> _trail = [];

    int _activeCount;
    int _lookBacks;

    /// <summary>The outermost active layer that was looked behind since the current evaluation began.</summary>
    int _lookedBehind = int.MaxValue;

    public HoconResolver(Func<string, string?> environment)
    {
        _environment = environment;
        _root = new Cell(_budget);
    }

    public HoconNode Resolve(List<HoconElement> layers)
    {
        if (layers.Count == 0) return HoconNode.Object(HoconOrigin.Of("empty configuration"), []);
        foreach (var layer in layers) _root.Layers.Add(new Layer(layer, -1));
        try
        {
            var node = Evaluate(View.Root(_root)) ?? HoconNode.Object(layers[^1].Origin, []);
            return Budget.CheckSize(node);
        }
        catch (CircleException circle)
        {
            throw new HoconException(circle.Origin, circle.Message);
        }
    }

    HoconNode? Evaluate(View view)
    {
        var cell = view.Cell;
        if (view.IsWhole && cell.Finished is { } finished) return finished.Node;
        var origin = cell.Layers[Math.Max(view.Limit - 1, 0)].Origin;
        if (cell.Evaluating.Contains(view.Limit)) throw new CircleException(origin, Circle());
        _budget.Enter(origin);
        _budget.Spend(view.Limit - view.Start, origin);
        cell.Evaluating.Add(view.Limit);
        var outside = BeginLooking();
        try
        {
            var node = Fold(view, origin);
            if (view.IsWhole && HoldsForGood(node, _activeCount)) cell.Finished = new Finished(node);
            return node;
        }
        finally
        {
            EndLooking(outside, _activeCount);
            cell.Evaluating.RemoveAt(cell.Evaluating.Count - 1);
            _budget.Leave();
        }
    }

    /// <summary>
    /// Value half: the last value that is there, looking from the newest layer down; what lies below it is not looked
    /// up. Field half: all literal objects in sight, and what substitutions brought on the way down.
    /// </summary>
    HoconNode? Fold(View view, HoconOrigin origin)
    {
        HoconNode? value = null;
        List<HoconNode>? appended = null;
        List<HoconNode>? brought = null;
        var isObject = false;
        var start = view.Start;
        for (var i = view.Limit - 1; i >= start; i--)
        {
            var layer = view.Cell.Layers[i];
            if (layer.Literal is not null) isObject = true;
            if (value is not null || layer.Literal is not null || !view.Sees(i)) continue;
            if (EvaluateLayer(view.Cell, i) is not { } node) continue;
            if (layer.IsAppend)
            {
                (appended ??= []).Add(node);
                continue;
            }

            // Null takes away what was there, fields as well, also when it comes out of a substitution.
            if (node.IsNull) start = i + 1;
            if (node.IsObject) (brought ??= []).Add(node);
            if (node.Kind == HoconKind.None) continue;
            value = node;
            view.HideBelow(i);
        }

        if (appended is not null) value = Append(value, appended);
        if (!isObject && brought is null) return value;

        // What one substitution alone brings is shared with its source, however large it is.
        if (!isObject && brought is [var only] && (value is null || value == only)) return only;
        var fields = EvaluateFields(view, start, brought);
        return value is null || value.IsNull
            ? HoconNode.Object(origin, fields)
            : new HoconNode(value.Origin, value.Kind, value.Text, value.Items, fields);
    }

    OrderedDictionary<string, HoconNode> EvaluateFields(View view, int start, List<HoconNode>? brought)
    {
        var fields = new OrderedDictionary<string, HoconNode>();
        foreach (var name in FieldNames(view.Cell, brought))
        {
            if (view.Cell.Child(name) is not { } child || view.Child(child, start) is not { } childView) continue;
            if (Evaluate(childView) is { } node) fields[name] = node;
        }

        return fields;
    }

    static List<string> FieldNames(Cell cell, List<HoconNode>? brought)
    {
        var names = new List<string>(cell.Children.Keys);
        if (brought is null) return names;
        var seen = new HashSet<string>(names);
        foreach (var node in brought)
        {
            foreach (var name in node.Fields.Keys)
            {
                if (seen.Add(name)) names.Add(name);
            }
        }

        return names;
    }

    HoconNode EvaluateList(ListElement list)
    {
        var items = new List<HoconNode>(list.Items.Count);
        foreach (var item in list.Items)
        {
            if (EvaluateItem(item) is { } node) items.Add(node);
        }

        return HoconNode.List(list.Origin, items);
    }

    /// <summary>A list item has no path: nothing can refer to it, so its cell is made for the moment.</summary>
    HoconNode? EvaluateItem(HoconElement element)
    {
        var cell = new Cell(_budget);
        List<HoconElement> parts = element is MergeElement merge ? merge.Parts : [element];
        foreach (var part in parts) cell.Layers.Add(new Layer(part, -1) { Part = cell.Layers.Count });
        return Evaluate(View.Root(cell));
    }

    HoconNode? EvaluateLayer(Cell cell, int index)
    {
        var layer = cell.Layers[index];
        if (layer.Finished is { } finished) return finished.Node;
        var position = _activeCount++;
        var (owner, ownerIndex) = layer.Owner is { } o ? (o, layer.OwnerIndex) : (cell, index - layer.Part);
        owner.Active.Add(new ActiveLayer(ownerIndex, position));
        var outside = BeginLooking();
        try
        {
            var node = layer.Owner is null
                ? EvaluateElement(layer.Element)
                : EvaluateInside(layer.Element, layer.Names);
            if (HoldsForGood(node, position)) layer.Finished = new Finished(node);
            return node;
        }
        finally
        {
            EndLooking(outside, position);
            owner.Active.RemoveAt(owner.Active.Count - 1);
            _activeCount--;
        }
    }

    int BeginLooking()
    {
        var outside = _lookedBehind;
        _lookedBehind = int.MaxValue;
        return outside;
    }

    /// <summary>Looks behind layers that became active since are nobody else's business.</summary>
    void EndLooking(int outside, int position) =>
        _lookedBehind = Math.Min(outside, _lookedBehind >= position ? int.MaxValue : _lookedBehind);

    /// <summary>
    /// A value is looked up once and kept, so that two readers never differ. But what is missing, or may miss a field,
    /// only because someone further out was half done, is not missing for others.
    /// </summary>
    bool HoldsForGood(HoconNode? node, int position) => _lookedBehind >= position || node is { IsObject: false };

    HoconNode? LookUp(string[] path) => Walk(path) is { } view ? Evaluate(view) : null;

    View? Walk(string[] path)
    {
        var view = LookBack(View.Root(_root));
        foreach (var name in path)
        {
            if (view is null || view.Cell.Child(name) is not { } child) return null;
            view = view.Child(child, view.Start) is { } next ? LookBack(next) : null;
        }

        return view;
    }

    /// <summary>
    /// A reference that comes back to a place being looked up sees only what was assigned there before.
    /// </summary>
    View? LookBack(View view)
    {
        var active = view.Cell.Active;
        if (active.Count == 0) return view;
        var (index, position) = active[^1];
        if (index >= view.Limit) return view;
        _lookBacks++;
        _lookedBehind = Math.Min(_lookedBehind, position);
        return index == 0 ? null : view.Below(index);
    }
}
