using System.Collections.Concurrent;
using System.Reflection;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.TestKit.Messages;

public enum MessageRole
{
    Request,
    Response,
    Header,
    Stored,
}

/// <summary>
/// One message as its attributes describe it, found by reflection: what the generator saw, seen again by tests.
/// </summary>
public sealed record MessageEntry(
    Type Type, MessageRole Role, string Name, int Key, VersionSet Versions, VersionSet Flexible)
{
    delegate IMessage Reader(ref WireReader reader, short version);

    readonly Reader _read = Type.GetMethod("Read", BindingFlags.Public | BindingFlags.Static)!.CreateDelegate<Reader>();

    public IEnumerable<short> EachVersion =>
        Enumerable.Range(Versions.Low, Versions.High - Versions.Low + 1).Select(v => (short)v);

    public IMessage Read(ref WireReader reader, short version) => _read(ref reader, version);

    public override string ToString() => Name;
}

/// <summary>All messages of the protocol, by Kafka's names.</summary>
public static class MessageCatalog
{
    static readonly Dictionary<string, MessageEntry> ByName = Find().ToDictionary(m => m.Name);
    static readonly ConcurrentDictionary<Type, FieldEntry[]> ByType = new();

    public static IReadOnlyCollection<MessageEntry> All => ByName.Values;

    /// <summary>Without those that only AkkaStream knows.</summary>
    public static IEnumerable<MessageEntry> Kafkas => All.Where(m => m.Role == MessageRole.Stored || m.Key < PrivateApis.FirstKey);

    /// <summary>By Kafka's name, for example FetchRequest or OffsetCommitValue.</summary>
    public static MessageEntry Named(string name) =>
        ByName.TryGetValue(name, out MessageEntry? entry)
            ? entry
            : throw new ArgumentException($"there is no message called {name}");

    public static MessageEntry Request(ApiKey key) => Named($"{key}Request");

    public static MessageEntry Response(ApiKey key) => Named($"{key}Response");

    /// <summary>The fields of a message or structure in their order.</summary>
    public static FieldEntry[] Fields(Type type) => ByType.GetOrAdd(type, FieldEntry.Of);

    static IEnumerable<MessageEntry> Find()
    {
        foreach (Type type in typeof(ApiTable).Assembly.GetTypes())
        {
            if (type.GetCustomAttribute<KafkaRequestAttribute>() is { } request)
                yield return Entry(type, MessageRole.Request, null, request.Key, request.Versions, request.Flexible);
            if (type.GetCustomAttribute<KafkaResponseAttribute>() is { } response)
                yield return Entry(
                    type, MessageRole.Response, null, response.Key, response.Versions, response.Flexible);
            if (type.GetCustomAttribute<KafkaHeaderAttribute>() is { } header)
                yield return Entry(type, MessageRole.Header, null, -1, header.Versions, header.Flexible);
            if (type.GetCustomAttribute<KafkaStoredAttribute>() is { } stored)
                yield return Entry(type, MessageRole.Stored, stored.Name, stored.Id, stored.Versions, stored.Flexible);
        }
    }

    static MessageEntry Entry(Type type, MessageRole role, string? name, int key, string versions, string flexible) =>
        new(type, role, name ?? type.Name, key, VersionSet.Parse(versions), VersionSet.Parse(flexible));
}
