using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace AkkaStream.Protocol.Generator;

// What the emitters know of a message: plain values that can be compared, no symbols. MessageReader makes it.

enum MessageKind
{
    Request,
    Response,
    Header,
    Stored,
}

enum WireType
{
    Bool,
    Int8,
    Int16,
    UInt16,
    Int32,
    UInt32,
    Int64,
    Float64,
    String,
    Bytes,
    Uuid,
    TopicId,
    Struct,
}

sealed record MessageModel(
    MessageKind Kind,
    string Namespace,
    string Name,
    int Key,
    string StoredKind,
    Versions Valid,
    Versions Stable,
    Versions Flexible,
    EquatableArray<StructModel> Structs,
    EquatableArray<Finding> Findings)
{
    /// <summary>The message itself; the structures it is made of come after it.</summary>
    public StructModel Root => Structs[0];

    public string FullName => $"{Namespace}.{Name}";

    public StructModel Struct(string name) => Structs.First(s => s.Name == name);
}

/// <param name="Present">The versions in which something contains the structure.</param>
/// <param name="MinSize">The fewest bytes that one takes in any of these versions.</param>
sealed record StructModel(string Name, Versions Present, int MinSize, EquatableArray<FieldModel> Fields)
{
    public IEnumerable<FieldModel> InOrder => Fields.Where(f => f.Tag < 0);

    public IEnumerable<FieldModel> Tagged => Fields.Where(f => f.Tag >= 0).OrderBy(f => f.Tag);
}

/// <param name="WireName">Kafka's name: the property's with a small first letter.</param>
/// <param name="EnumName">The C# enum that stands for the number, or null.</param>
/// <param name="StructName">The class of a structure, or null.</param>
/// <param name="Versions">The versions that have the field, within those that have its structure.</param>
/// <param name="Nullable">The versions in which null may stand on the wire.</param>
/// <param name="Tag">-1 for a field that stands in order.</param>
/// <param name="Default">The property's initializer as C#, null if it has none.</param>
sealed record FieldModel(
    string Name,
    string WireName,
    WireType Type,
    string? EnumName,
    string? StructName,
    bool IsArray,
    bool IsNullableInCSharp,
    Versions Versions,
    Versions Nullable,
    int Tag,
    bool IsIgnorable,
    bool IsNeverCompact,
    string? Default)
{
    /// <summary>The size of one value or element, 0 if it differs.</summary>
    public int FixedSize => Type switch
    {
        WireType.Bool or WireType.Int8 => 1,
        WireType.Int16 or WireType.UInt16 => 2,
        WireType.Int32 or WireType.UInt32 => 4,
        WireType.Int64 or WireType.Float64 => 8,
        WireType.Uuid or WireType.TopicId => 16,
        _ => 0,
    };

    /// <summary>A C# condition that is true when the value is not the default.</summary>
    public string IsSet
    {
        get
        {
            if (Default is "null" || (Default is null && IsNullableInCSharp)) return $"{Name} is not null";
            if (IsArray) return IsNullableInCSharp ? $"{Name} is not {{ Length: 0 }}" : $"{Name}.Length != 0";
            return Type switch
            {
                WireType.Struct => $"{Name} is not {{ IsDefault: true }}",
                WireType.String => $"{Name} != {Default ?? "\"\""}",
                WireType.Bytes => IsNullableInCSharp ? $"{Name} is not {{ IsEmpty: true }}" : $"!{Name}.IsEmpty",
                WireType.Bool => Default is "true" ? $"!{Name}" : Name,
                _ => $"{Name} != {Default ?? "default"}",
            };
        }
    }
}

/// <summary>A mistake in a description, told as a compiler error at the property or class.</summary>
sealed record Finding(string Text, string File, int Line, int Column) : IEquatable<Finding>
{
    static readonly DiagnosticDescriptor Descriptor = new(
        "AKP001", "A message is not described rightly", "{0}", "AkkaStream.Protocol", DiagnosticSeverity.Error, true);

    public Diagnostic ToDiagnostic()
    {
        var position = new Microsoft.CodeAnalysis.Text.LinePosition(Line, Column);
        var span = new Microsoft.CodeAnalysis.Text.LinePositionSpan(position, position);
        return Diagnostic.Create(Descriptor, Location.Create(File, default, span), Text);
    }
}
