using System.Text;

namespace AkkaStream.Hocon.Syntax;

/// <summary>Substitutions, and what stands side by side on one line.</summary>
partial class HoconResolver
{
    /// <summary>What a substitution costs, counted in layers looked at.</summary>
    const int SubstitutionCost = 50;

    HoconNode? EvaluateElement(HoconElement element) => element switch
    {
        ScalarElement scalar => HoconNode.Scalar(scalar.Origin, scalar.Kind, scalar.Text),
        ListElement list => EvaluateList(list),
        SubstitutionElement substitution => Substitute(substitution),
        ConcatenationElement concatenation => Concatenate(concatenation),
        AppendElement append => HoconNode.List(append.Origin, EvaluateItem(append.Item) is { } item ? [item] : []),
        _ => EvaluateItem(element),
    };

    HoconNode? Substitute(SubstitutionElement substitution)
    {
        var lookBacksBefore = _lookBacks;
        if (Follow(substitution, []) is { } node) return CheckedObject(substitution, node);
        var name = string.Join('.', substitution.Path);
        if (_environment(name) is { } text)
            return HoconNode.Scalar(HoconOrigin.Of($"environment variable {name}"), HoconKind.String, text);
        if (substitution.Optional) return null;
        _trail.Add(substitution);
        if (_lookBacks > lookBacksBefore) throw new CircleException(substitution.Origin, Circle());
        throw new HoconException(substitution.Origin,
            $"{substitution.Written} is set nowhere, neither in the configuration nor in the environment; " +
            $"set it, or write ${{?{HoconPath.Render(substitution.Path)}}} if it may be missing");
    }

    /// <summary>
    /// What the configuration has at the path, or at the named field below it, without evaluating the rest.
    /// </summary>
    HoconNode? Follow(SubstitutionElement substitution, string[] names)
    {
        _budget.Spend(SubstitutionCost, substitution.Origin);
        _trail.Add(substitution);
        var depth = _trail.Count;
        try
        {
            foreach (var path in Candidates(substitution))
            {
                if (names.Length > 0 && Walk(path) is not null) return LookUp([.. path, .. names]);
                if (names.Length == 0 && LookUp(path) is { } node) return node;
            }

            return null;
        }
        catch (CircleException) when (substitution.Optional)
        {
            return null;
        }
        finally
        {
            _trail.RemoveRange(depth - 1, _trail.Count - depth + 1);
        }
    }

    static HoconNode CheckedObject(SubstitutionElement substitution, HoconNode node) =>
        !substitution.MustBeObject || node.IsObject ? node
            : throw new HoconException(substitution.Origin,
                $"{substitution.Written} stands beside an object but is none " +
                $"(see {node.Origin}); put a comma or a new line between them");

    /// <summary>
    /// In an included file a path is first looked up where the file was included, then further out, then at the root.
    /// </summary>
    static IEnumerable<string[]> Candidates(SubstitutionElement substitution)
    {
        for (var mount = substitution.Mount; mount is not null; mount = mount.Outer)
            yield return [.. mount.Path, .. substitution.Path];
        yield return substitution.Path;
    }

    /// <summary>One field of what an expression brings.</summary>
    HoconNode? EvaluateInside(HoconElement element, string[] names)
    {
        if (element is SubstitutionElement substitution) return Follow(substitution, names);
        HoconNode? merged = null;
        if (element is not ConcatenationElement concatenation) return merged;
        foreach (var part in concatenation.Parts)
        {
            if (EvaluateInside(part, names) is { } node) merged = merged is null ? node : HoconNode.Merge(merged, node);
        }

        return merged;
    }

    /// <param name="below">The value before the first += in sight.</param>
    /// <param name="appended">One list for each +=, the last one first.</param>
    HoconNode Append(HoconNode? below, List<HoconNode> appended)
    {
        var origin = appended[0].Origin;
        var items = new List<HoconNode>();
        if (below is { IsNull: false })
        {
            if (below.Kind != HoconKind.List)
                throw new HoconException(appended[^1].Origin,
                    $"+= adds to a list, but the value before it ({below.Origin}) is none; write that one in [ ]");
            items.AddRange(below.Items);
        }

        _budget.Spend(items.Count + appended.Count, origin);
        for (var i = appended.Count - 1; i >= 0; i--) items.AddRange(appended[i].Items);
        return HoconNode.List(origin, items);
    }

    HoconNode? Concatenate(ConcatenationElement concatenation)
    {
        var parts = new List<Part>(concatenation.Parts.Count);
        foreach (var element in concatenation.Parts)
        {
            if (EvaluateElement(element) is { } node)
                parts.Add(new Part(element.Origin, node, element is ScalarElement { IsLayout: true }));
        }

        // All that may be missing is missing: then so is the whole.
        if (parts.TrueForAll(part => part.IsLayout)) return null;
        if (parts.Count == 1) return parts[0].Node;
        if (parts.Exists(part => part.Node.Kind == HoconKind.List)) return JoinLists(concatenation.Origin, parts);
        return parts.TrueForAll(part => part.IsLayout || part.Node.Kind == HoconKind.None)
            ? JoinObjects(parts)
            : JoinTexts(concatenation.Origin, parts);
    }

    HoconNode JoinLists(HoconOrigin origin, List<Part> parts)
    {
        var items = new List<HoconNode>();
        foreach (var part in parts)
        {
            if (part.IsLayout) continue;
            items.AddRange(part.Node.ItemsOrNumberedFields() ?? throw new HoconException(part.Origin,
                "a list can only be joined with lists; put this into [ ], or a comma or a new line between them"));
        }

        _budget.Spend(items.Count, origin);
        return HoconNode.List(origin, items);
    }

    static HoconNode? JoinObjects(List<Part> parts)
    {
        HoconNode? merged = null;
        foreach (var part in parts)
        {
            if (!part.IsLayout) merged = merged is null ? part.Node : HoconNode.Merge(merged, part.Node);
        }

        return merged;
    }

    HoconNode JoinTexts(HoconOrigin origin, List<Part> parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            if (part.Node.Kind is HoconKind.None or HoconKind.List)
                throw new HoconException(part.Origin,
                    "an object or a list cannot be joined with text; put a comma or a new line between them");
            _budget.SpendText(part.Node.Text.Length, origin);
            text.Append(part.Node.Text);
        }

        return HoconNode.Scalar(origin, HoconKind.String, text.ToString());
    }

    string Circle()
    {
        var steps = string.Join(" -> ", _trail.Select(step => $"{step.Written} ({step.Origin})"));
        return $"this leads round in a circle, with no earlier value to fall back on: {steps}; " +
            "give one of these places a value of its own";
    }

    sealed record Part(HoconOrigin Origin, HoconNode Node, bool IsLayout);
}

/// <summary>
/// A circle: an error for a reference that must be there, nothing at all for one that may be missing.
/// </summary>
sealed class CircleException(HoconOrigin origin, string problem) : Exception(problem)
{
    public HoconOrigin Origin { get; } = origin;
}
