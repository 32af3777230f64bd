using System.Linq;

namespace AkkaStream.Protocol.Generator;

/// <summary>
/// The reading half: a constructor per class that reads its fields in order, because a constructor may set init-only
/// properties, and for structures that occur in arrays the reading of the array.
/// </summary>
sealed class ReaderEmitter(MessageModel message, SourceText source)
{
    public void EmitConstructors(StructModel structure)
    {
        source.Open($"public {structure.Name}()");
        source.Close();
        source.Line("");
        source.Open($"internal {structure.Name}(ref WireReader reader, short version)");
        string flexible = EmitFlexible(message, structure, source);
        foreach (FieldModel field in structure.InOrder)
        {
            string condition = field.Versions.Condition(structure.Present);
            source.When(condition, $"{field.Name} = {Value(field, structure, flexible)};");
        }

        source.When(flexible, () => EmitTags(structure));
        source.Close();
    }

    public void EmitArray(StructModel structure)
    {
        string name = structure.Name;
        source.Open(
            $"internal static {name}[]? ReadArray(ref WireReader reader, short version, bool compact, string field)");
        source.Line($"int count = reader.ReadArrayLength(compact, {structure.MinSize}, field);");
        source.Line("if (count <= 0) return count < 0 ? null : [];");
        source.Line($"var items = new {name}[count];");
        source.Line($"for (int i = 0; i < items.Length; i++) items[i] = new {name}(ref reader, version);");
        source.Line("return items;");
        source.Close();
    }

    /// <summary>Declares <c>flexible</c> where it depends on the version; otherwise it is a literal.</summary>
    public static string EmitFlexible(MessageModel message, StructModel structure, SourceText source)
    {
        string condition = message.Flexible.Condition(structure.Present);
        if (condition is "true" or "false") return condition;
        source.Line($"bool flexible = {condition};");
        return "flexible";
    }

    void EmitTags(StructModel structure)
    {
        if (!structure.Tagged.Any())
        {
            source.Line("UnknownTags = reader.ReadUnknownTags();");
            return;
        }

        source.Line("var unknown = new UnknownTagCollector();");
        source.Open("for (int left = reader.ReadTagCount(); left > 0; left--)");
        source.Line("int tag = reader.ReadTag(out int end);");
        source.Open("switch (tag)");
        foreach (FieldModel field in structure.Tagged)
        {
            string condition = field.Versions.Condition(message.Flexible.Intersect(structure.Present));
            source.Line($"case {field.Tag}{(condition == "true" ? "" : $" when {condition}")}:");
            source.Line($"    {field.Name} = {Value(field, structure, "true")};");
            source.Line("    break;");
        }

        source.Line("default:");
        source.Line("    unknown.Add(reader.ReadUnknownTag(tag, end), left);");
        source.Line("    break;");
        source.Close();
        source.Line("");
        source.Line("reader.EndTag(tag, end);");
        source.Close();
        source.Line("");
        source.Line("UnknownTags = unknown.Fields;");
    }

    string Value(FieldModel field, StructModel structure, string flexible)
    {
        string compact = field.IsNeverCompact ? "false" : flexible;
        string name = $"\"{field.WireName}\"";
        if (field is { Type: WireType.Struct, IsArray: false })
        {
            string read = $"new {field.StructName}(ref reader, version)";
            return field.Nullable.IsEmpty
                ? read
                : $"reader.Read{WriterEmitter.Presence(field)}({name}) ? {read} : null";
        }

        if (field.IsArray)
        {
            return OrNull(field, field.Type == WireType.Struct
                ? $"{field.StructName}.ReadArray(ref reader, version, {compact}, {name})"
                : $"reader.Read{field.Type}Array({compact}, {name})");
        }

        if (field.Type is not (WireType.String or WireType.Bytes))
            return field.EnumName is null
                ? $"reader.Read{field.Type}({name})"
                : $"({field.EnumName})reader.Read{field.Type}({name})";
        string plain = $"reader.Read{field.Type}({compact}, {name})";
        string nullable = $"reader.ReadNullable{field.Type}({compact}, {name})";
        return field.Nullable.Condition(field.Versions) switch
        {
            "true" => nullable,
            "false" => plain,
            var condition => $"{condition} ? {nullable} : {plain}",
        };
    }

    /// <summary>Arrays are read as if they could be null; where they cannot, null is refused.</summary>
    static string OrNull(FieldModel field, string read)
    {
        string refused = $"throw reader.Null(\"{field.WireName}\")";
        return field.Nullable.Condition(field.Versions) switch
        {
            "true" => read,
            "false" => $"{read} ?? {refused}",
            var condition => $"{read} ?? ({condition} ? null : {refused})",
        };
    }
}
