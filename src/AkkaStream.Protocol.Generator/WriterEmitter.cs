using System.Linq;

namespace AkkaStream.Protocol.Generator;

/// <summary>The writing half: Write and Size of each class, and of arrays of it.</summary>
sealed class WriterEmitter(MessageModel message, SourceText source)
{
    public void EmitWrite(StructModel structure)
    {
        bool isRoot = structure == message.Root;
        source.Open($"{(isRoot ? "public" : "internal")} void Write(ref WireWriter writer, short version)");
        if (isRoot)
        {
            source.Line(CodecGenerator.VersionCheck(message));
            source.Line($"writer.Enter(\"{message.Name}\", version);");
        }

        string flexible = ReaderEmitter.EmitFlexible(message, structure, source);
        foreach (FieldModel field in structure.Fields) EmitRefusal(field, structure);
        foreach (FieldModel field in structure.InOrder)
            source.When(field.Versions.Condition(structure.Present), Write(field, flexible));
        source.When(flexible, () => EmitWriteTags(structure));
        if (flexible == "flexible")
        {
            string lacks = $"throw writer.Lacks(\"_taggedFields\", \"{message.Flexible}\");";
            source.Line($"if (!flexible && UnknownTags is not null) {lacks}");
        }

        source.Close();
    }

    public void EmitSize(StructModel structure)
    {
        // A structure may have a field called Size, so only messages use that name for the method.
        source.Open(
            structure == message.Root ? "public int Size(short version)" : "internal int SizeIn(short version)");
        string flexible = ReaderEmitter.EmitFlexible(message, structure, source);
        int always = structure.InOrder
            .Where(f => f.Versions.Covers(structure.Present) && !f.IsArray).Sum(f => f.FixedSize);
        source.Line($"int size = {always};");
        foreach (FieldModel field in structure.InOrder)
        {
            string condition = field.Versions.Condition(structure.Present);
            if (condition != "true" || field.IsArray || field.FixedSize == 0)
                source.When(condition, $"size += {Size(field, flexible)};");
        }

        source.When(flexible, () => EmitSizeTags(structure));
        source.Line("return size;");
        source.Close();
    }

    /// <summary>For structures whose fresh state is a tagged field's default, and so is not written.</summary>
    public void EmitIsDefault(StructModel structure)
    {
        string isSet = string.Join(" || ", structure.Fields.Select(f => f.IsSet));
        source.Line($"internal bool IsDefault => !({isSet} || UnknownTags is not null);");
    }

    public void EmitArrays(StructModel structure)
    {
        string name = structure.Name;
        source.Open(
            $"internal static void WriteArray(ref WireWriter writer, {name}[]? items, short version, bool compact)");
        source.Line("writer.WriteLength(items?.Length ?? -1, compact);");
        source.Line("if (items is null) return;");
        source.Line($"foreach ({name} item in items) item.Write(ref writer, version);");
        source.Close();
        source.Line("");
        source.Open($"internal static int SizeOfArray({name}[]? items, short version, bool compact)");
        source.Line("int size = WireSize.Length(items?.Length ?? -1, compact);");
        source.Line("if (items is null) return size;");
        source.Line($"foreach ({name} item in items) size += item.SizeIn(version);");
        source.Line("return size;");
        source.Close();
    }

    /// <summary>What the version lacks must not be set; what may not be null in it must not be null.</summary>
    void EmitRefusal(FieldModel field, StructModel structure)
    {
        if (!field.IsIgnorable && !field.Versions.Covers(structure.Present))
        {
            string lacks = $"throw writer.Lacks(\"{field.WireName}\", \"{field.Versions}\");";
            source.Line($"if ({Without(field.Versions, structure.Present)}{field.IsSet}) {lacks}");
        }

        bool isWritable = field.Tag >= 0 && field.Type == WireType.Struct && !field.IsArray;
        if (isWritable || field.Nullable.Covers(field.Versions) || !field.IsNullableInCSharp) return;
        string present = field.Versions.Intersect(structure.Present).Condition(structure.Present);
        string notNull = Without(field.Nullable, field.Versions);
        string guard = present == "true" ? notNull : $"{present} && {notNull}";
        source.Line($"if ({guard}{field.Name} is null) throw writer.Null(\"{field.WireName}\");");
    }

    /// <summary>"version is not one of these and ", given the possible ones.</summary>
    static string Without(Versions versions, Versions possible)
    {
        string condition = versions.Condition(possible);
        return condition == "false" ? "" : $"{Not(condition)} && ";
    }

    static string Not(string condition) => condition switch
    {
        "true" => "false",
        "false" => "true",
        _ when condition.StartsWith("version >= ") => condition.Replace(">=", "<"),
        _ when condition.StartsWith("version <= ") => condition.Replace("<=", ">"),
        _ => $"!({condition})",
    };

    void EmitWriteTags(StructModel structure)
    {
        if (!structure.Tagged.Any())
        {
            source.Line("writer.WriteUnknownTags(UnknownTags);");
            return;
        }

        EmitTagCount(structure);
        source.Line("writer.WriteUnsignedVarint((uint)(tags + (UnknownTags?.Length ?? 0)));");
        source.Line("int written = 0;");
        foreach (FieldModel field in structure.Tagged)
        {
            source.When(IsWritten(field, structure), () =>
            {
                source.Line($"writer.WriteUnknownTagsBelow({field.Tag}, UnknownTags, ref written);");
                source.Line($"writer.WriteTag({field.Tag}, {Size(field, "true")});");
                source.Line(Write(field, "true"));
            });
        }

        source.Line("writer.WriteUnknownTagsBelow(int.MaxValue, UnknownTags, ref written);");
    }

    void EmitSizeTags(StructModel structure)
    {
        if (!structure.Tagged.Any())
        {
            source.Line("size += WireSize.Tags(UnknownTags, 0);");
            return;
        }

        source.Line("int tags = 0;");
        foreach (FieldModel field in structure.Tagged)
        {
            source.When(IsWritten(field, structure), () =>
            {
                source.Line($"size += WireSize.Tag({field.Tag}, {Size(field, "true")});");
                source.Line("tags++;");
            });
        }

        source.Line("size += WireSize.Tags(UnknownTags, tags);");
    }

    void EmitTagCount(StructModel structure)
    {
        source.Line("int tags = 0;");
        foreach (FieldModel field in structure.Tagged) source.When(IsWritten(field, structure), "tags++;");
    }

    /// <summary>A tag is written if the version has it and the value is not the default.</summary>
    string IsWritten(FieldModel field, StructModel structure)
    {
        string condition = field.Versions.Condition(message.Flexible.Intersect(structure.Present));
        return condition == "true" ? field.IsSet : $"{condition} && {field.IsSet}";
    }

    string Write(FieldModel field, string flexible)
    {
        string compact = field.IsNeverCompact ? "false" : flexible;
        string name = $"\"{field.WireName}\"";
        if (field is { Type: WireType.Struct, IsArray: true })
            return $"{field.StructName}.WriteArray(ref writer, {field.Name}, version, {compact});";
        if (field is { Type: WireType.String, IsArray: true })
            return $"writer.WriteStringArray({field.Name}, {compact}, {name});";
        if (field.IsArray) return $"writer.Write{field.Type}Array({field.Name}, {compact});";
        string nullable = field.IsNullableInCSharp ? "Nullable" : "";
        return field.Type switch
        {
            WireType.Struct when !field.Nullable.IsEmpty =>
                $"{{ writer.Write{Presence(field)}({field.Name} is not null); "
                    + $"{field.Name}?.Write(ref writer, version); }}",
            WireType.Struct => $"{field.Name}.Write(ref writer, version);",
            WireType.String => $"writer.Write{nullable}String({field.Name}, {compact}, {name});",
            WireType.Bytes => $"writer.Write{nullable}Bytes({field.Name}, {compact});",
            _ => $"writer.Write{field.Type}({(field.EnumName is null ? "" : $"({CSharp(field.Type)})")}{field.Name});",
        };
    }

    string Size(FieldModel field, string flexible)
    {
        string compact = field.IsNeverCompact ? "false" : flexible;
        if (field is { Type: WireType.Struct, IsArray: true })
            return $"{field.StructName}.SizeOfArray({field.Name}, version, {compact})";
        if (field.IsArray && field.Type == WireType.String) return $"WireSize.StringArray({field.Name}, {compact})";
        if (field.IsArray) return $"WireSize.Array({field.Name}?.Length ?? -1, {field.FixedSize}, {compact})";
        return field.Type switch
        {
            WireType.Struct when !field.Nullable.IsEmpty => $"1 + ({field.Name}?.SizeIn(version) ?? 0)",
            WireType.Struct => $"{field.Name}.SizeIn(version)",
            WireType.String => $"WireSize.String({field.Name}, {compact})",
            WireType.Bytes => $"WireSize.Bytes({field.Name}, {compact})",
            _ => $"{field.FixedSize}",
        };
    }

    /// <summary>In order, null is the byte -1; behind a tag it is 0, as the null of any compact field.</summary>
    public static string Presence(FieldModel field) => field.Tag < 0 ? "Presence" : "TaggedPresence";

    static string CSharp(WireType type) => type switch
    {
        WireType.Int8 => "sbyte",
        WireType.Int16 => "short",
        WireType.Int64 => "long",
        _ => "int",
    };
}
