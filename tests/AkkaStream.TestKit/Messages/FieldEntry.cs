using System.Reflection;
using AkkaStream.Protocol;

namespace AkkaStream.TestKit.Messages;

/// <summary>One field as its property and attributes describe it.</summary>
public sealed record FieldEntry(
    PropertyInfo Property, string Name, VersionSet Versions, VersionSet Nullable, VersionSet Tagged, int Tag,
    bool IsMapKey, object? Default)
{
    static readonly NullabilityInfoContext Nullability = new();

    public Type Type => Property.PropertyType;

    public bool IsArray => Type.IsArray;

    /// <summary>Of an array its elements', otherwise the field's; without what makes it nullable.</summary>
    public Type ElementType
    {
        get
        {
            Type type = Type.IsArray ? Type.GetElementType()! : Type;
            return System.Nullable.GetUnderlyingType(type) ?? type;
        }
    }

    public bool IsStructure => ElementType.IsClass && ElementType != typeof(string);

    /// <summary>A tagged structure that is never null on the wire: null stands for an absent tag.</summary>
    public bool IsAbsentAsNull => Tag >= 0 && IsStructure && !IsArray && Nullable.High < 0;

    public static FieldEntry[] Of(Type type)
    {
        object fresh = Activator.CreateInstance(type)!;
        return [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.Name is not ("UnknownTags" or "EqualityContract") && p.CanWrite)
            .OrderBy(p => p.MetadataToken)
            .Select(p => Of(p, fresh))];
    }

    static FieldEntry Of(PropertyInfo property, object fresh)
    {
        var tagged = property.GetCustomAttribute<TaggedAttribute>();
        VersionSet taggedIn = tagged is null ? VersionSet.None : VersionSet.Parse(tagged.Versions);
        VersionSet versions = property.GetCustomAttribute<VersionsAttribute>() is { } v ? VersionSet.Parse(v.Versions)
            : tagged is null ? VersionSet.All : taggedIn;
        bool isStructure = property.PropertyType is { IsClass: true, IsArray: false }
            && property.PropertyType != typeof(string);
        bool canBeNull;
        lock (Nullability) canBeNull = Nullability.Create(property).WriteState == NullabilityState.Nullable;
        VersionSet nullable = property.GetCustomAttribute<NullableFromAttribute>() is { } n
            ? VersionSet.Parse(n.Versions)
            : canBeNull && !(tagged is not null && isStructure) ? versions : VersionSet.None;
        string name = char.ToLowerInvariant(property.Name[0]) + property.Name[1..];
        return new FieldEntry(property, name, versions, nullable, taggedIn, tagged?.Tag ?? -1,
            property.IsDefined(typeof(MapKeyAttribute)), property.GetValue(fresh));
    }
}
