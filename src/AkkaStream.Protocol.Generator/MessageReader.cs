using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AkkaStream.Protocol.Generator;

/// <summary>
/// From the symbols of one described class to its <see cref="MessageModel"/>: follows the properties into the
/// structures, works out in which versions each can occur and how small it can be, and notes what is not described
/// rightly.
/// </summary>
sealed class MessageReader
{
    readonly List<Finding> _findings = [];
    readonly List<INamedTypeSymbol> _order = [];
    readonly Dictionary<string, Versions> _present = [];
    readonly Dictionary<string, List<FieldModel>> _fields = [];
    Versions _flexible;

    public static MessageModel Read(
        GeneratorAttributeSyntaxContext context, MessageKind kind, CancellationToken cancel) =>
        new MessageReader().ReadMessage((INamedTypeSymbol)context.TargetSymbol, context.Attributes[0], kind, cancel);

    MessageModel ReadMessage(INamedTypeSymbol type, AttributeData attribute, MessageKind kind, CancellationToken cancel)
    {
        bool hasNumber = kind is MessageKind.Request or MessageKind.Response or MessageKind.Stored;
        object?[] arguments = attribute.ConstructorArguments.Select(a => a.Value).ToArray();
        Versions valid = Parse(arguments[hasNumber ? 1 : 0], type);
        _flexible = Parse(arguments[hasNumber ? 2 : 1], type).Intersect(valid);
        Versions stable = Named(attribute, "Stable") is string text ? Parse(text, type) : valid;
        string storedKind = kind == MessageKind.Stored ? EnumName(attribute.ConstructorArguments[0]) : "";
        int key = kind == MessageKind.Stored ? Convert.ToInt32(Named(attribute, "Id") ?? 0)
            : hasNumber ? Convert.ToInt32(arguments[0]) : -1;

        Enter(type, valid);
        for (int i = 0; i < _order.Count; i++)
        {
            cancel.ThrowIfCancellationRequested();
            INamedTypeSymbol next = _order[i];
            _fields[next.Name] = ReadFields(next, _present[next.Name]);
        }

        bool isFinite = true;
        foreach (INamedTypeSymbol structure in _order.Where(s => Reaches(s.Name, s.Name, [])))
        {
            Note(structure, $"{structure.Name} contains itself: nobody could say how deep a message goes");
            isFinite = false;
        }

        var structs = _order.Select(s => new StructModel(
            s.Name, _present[s.Name], isFinite ? MinSize(s.Name) : 1,
            new EquatableArray<FieldModel>([.. _fields[s.Name]])));
        return new MessageModel(
            kind, type.ContainingNamespace.ToDisplayString(), type.Name, key, storedKind, valid, stable, _flexible,
            new EquatableArray<StructModel>(structs.ToArray()), new EquatableArray<Finding>([.. _findings]));
    }

    /// <summary>
    /// Notes a structure and the versions that reach it. One that is reached again in further versions is read again,
    /// because its own fields' versions are cut to these.
    /// </summary>
    void Enter(INamedTypeSymbol type, Versions versions)
    {
        if (!_present.TryGetValue(type.Name, out Versions known))
        {
            _present[type.Name] = versions;
            _order.Add(type);
            bool isPartial = type.DeclaringSyntaxReferences.All(r =>
                r.GetSyntax() is TypeDeclarationSyntax d && d.Modifiers.Any(m => m.ValueText == "partial"));
            if (!isPartial || !type.IsSealed) Note(type, $"{type.Name} must be a sealed partial class");
        }
        else if (!known.Covers(versions))
        {
            _present[type.Name] = known.Hull(versions);
            if (_fields.ContainsKey(type.Name)) _fields[type.Name] = ReadFields(type, _present[type.Name]);
        }
    }

    List<FieldModel> ReadFields(INamedTypeSymbol type, Versions present)
    {
        var fields = new List<FieldModel>();
        foreach (IPropertySymbol property in type.GetMembers().OfType<IPropertySymbol>())
        {
            if (property.IsStatic || property.IsIndexer || property.SetMethod is null) continue;
            if (ReadField(property, present) is { } field) fields.Add(field);
        }

        return fields;
    }

    FieldModel? ReadField(IPropertySymbol property, Versions present)
    {
        ITypeSymbol type = property.Type;
        bool nullable = type.NullableAnnotation == NullableAnnotation.Annotated;
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } wrapped)
            type = wrapped.TypeArguments[0];
        bool isArray = type is IArrayTypeSymbol;
        if (type is IArrayTypeSymbol array) type = array.ElementType;
        string? enumName = type.TypeKind == TypeKind.Enum ? type.ToDisplayString() : null;
        if (type is INamedTypeSymbol { EnumUnderlyingType: { } underlying }) type = underlying;
        if (WireTypeOf(type) is not { } wireType)
        {
            Note(property, $"{property.Type} is not a type of the wire");
            return null;
        }

        AttributeData? tagged = Find(property, "TaggedAttribute");
        Versions own = Find(property, "VersionsAttribute") is { } v ? Parse(v.ConstructorArguments[0].Value, property)
            : tagged is not null ? Parse(tagged.ConstructorArguments[1].Value, property)
            : Versions.All;
        Versions versions = own.Intersect(present);
        bool isTaggedStruct = tagged is not null && wireType == WireType.Struct && !isArray;
        Versions nullVersions = Find(property, "NullableFromAttribute") is { } n
            ? Parse(n.ConstructorArguments[0].Value, property).Intersect(versions)
            : nullable && !isTaggedStruct ? versions : Versions.None;
        var field = new FieldModel(
            property.Name, char.ToLowerInvariant(property.Name[0]) + property.Name.Substring(1), wireType, enumName,
            wireType == WireType.Struct ? type.Name : null, isArray, nullable, versions, nullVersions,
            tagged is null ? -1 : Convert.ToInt32(tagged.ConstructorArguments[0].Value),
            Find(property, "IgnorableAttribute") is not null, Find(property, "NeverCompactAttribute") is not null,
            InitializerOf(property));
        Check(property, field, tagged, own, present);
        if (wireType == WireType.Struct) Enter((INamedTypeSymbol)type, versions);
        return field;
    }

    void Check(IPropertySymbol property, FieldModel field, AttributeData? tagged, Versions own, Versions present)
    {
        if (own.Intersect(present).IsEmpty)
            Note(property, $"no version that has {property.Name} has its structure too");
        if (!field.Nullable.IsEmpty && !field.IsNullableInCSharp)
            Note(property, "[NullableFrom] on a type that is not nullable");
        if (tagged is not null)
        {
            Versions versions = Parse(tagged.ConstructorArguments[1].Value, property).Intersect(present);
            if (versions != field.Versions)
                Note(property, "a field that is tagged in some versions and in order in others");
            if (!_flexible.Covers(versions)) Note(property, "tagged in a version that is not flexible");
        }

        bool isStruct = field.Type == WireType.Struct && !field.IsArray;
        if (isStruct && field is { IsNullableInCSharp: false, IsIgnorable: false } && !field.Versions.Covers(present))
            Note(property, "a structure that some versions lack must be nullable: one must see whether it is set");
        if (isStruct && field.Tag >= 0 && !field.IsNullableInCSharp)
            Note(property, "a tagged structure must be nullable: null is how an absent tag reads");
    }

    bool Reaches(string from, string target, HashSet<string> seen) =>
        _fields[from].Any(f => f.StructName is { } name
            && (name == target || (seen.Add(name) && Reaches(name, target, seen))));

    /// <summary>The fewest bytes of a structure over all versions that have it.</summary>
    int MinSize(string structName)
    {
        Versions present = _present[structName];
        int smallest = int.MaxValue;
        for (int version = present.Low; version <= Math.Min(present.High, present.Low + 64); version++)
            smallest = Math.Min(smallest, MinSize(structName, version));
        return Math.Max(smallest, 1);
    }

    int MinSize(string structName, int version)
    {
        bool flexible = _flexible.Contains(version);
        int size = flexible ? 1 : 0;
        foreach (FieldModel field in _fields[structName])
        {
            if (field.Tag >= 0 || !field.Versions.Contains(version)) continue;
            size += field switch
            {
                { IsArray: true } => flexible ? 1 : 4,
                { Type: WireType.String } => flexible && !field.IsNeverCompact ? 1 : 2,
                { Type: WireType.Bytes } => flexible ? 1 : 4,
                { Type: WireType.Struct } when field.Nullable.Contains(version) => 1,
                { Type: WireType.Struct } => MinSize(field.StructName ?? "", version),
                _ => field.FixedSize,
            };
        }

        return size;
    }

    static WireType? WireTypeOf(ITypeSymbol type) => type.SpecialType switch
    {
        SpecialType.System_Boolean => WireType.Bool,
        SpecialType.System_SByte => WireType.Int8,
        SpecialType.System_Int16 => WireType.Int16,
        SpecialType.System_UInt16 => WireType.UInt16,
        SpecialType.System_Int32 => WireType.Int32,
        SpecialType.System_UInt32 => WireType.UInt32,
        SpecialType.System_Int64 => WireType.Int64,
        SpecialType.System_Double => WireType.Float64,
        SpecialType.System_String => WireType.String,
        _ => type.ToDisplayString() switch
        {
            "System.ReadOnlyMemory<byte>" => WireType.Bytes,
            "AkkaStream.Protocol.Uuid" => WireType.Uuid,
            "AkkaStream.Protocol.TopicId" => WireType.TopicId,
            _ => type is { TypeKind: TypeKind.Class, DeclaringSyntaxReferences.Length: > 0 } ? WireType.Struct : null,
        },
    };

    static string? InitializerOf(IPropertySymbol property) =>
        property.DeclaringSyntaxReferences.Select(r => r.GetSyntax()).OfType<PropertyDeclarationSyntax>()
            .FirstOrDefault()?.Initializer?.Value.ToString();

    static AttributeData? Find(ISymbol symbol, string name) =>
        symbol.GetAttributes().FirstOrDefault(a => a.AttributeClass?.Name == name);

    static object? Named(AttributeData attribute, string name) =>
        attribute.NamedArguments.FirstOrDefault(a => a.Key == name).Value.Value;

    static string EnumName(TypedConstant constant) =>
        constant.Type?.GetMembers().OfType<IFieldSymbol>()
            .FirstOrDefault(f => f.HasConstantValue && Equals(f.ConstantValue, constant.Value))?.Name ?? "";

    Versions Parse(object? text, ISymbol where)
    {
        if (Versions.TryParse(text as string, out Versions versions)) return versions;
        Note(where, $"'{text}' are no versions: \"3-13\", \"9+\", \"4\" and \"none\" are");
        return Versions.None;
    }

    void Note(ISymbol where, string text)
    {
        FileLinePositionSpan place = where.Locations[0].GetLineSpan();
        _findings.Add(new Finding(text, place.Path, place.StartLinePosition.Line, place.StartLinePosition.Character));
    }
}
