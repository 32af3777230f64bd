using System.Buffers;

namespace AkkaStream.Actors;

/// <summary>
/// Where an actor stands in the tree, such as <c>akka://node-1/user/replicas/orders-0</c>. It is put together when
/// somebody asks, for logs and tools; the kernel itself never looks an actor up by it. The uid tells apart actors that
/// bore the same name one after the other, so it takes part in equality.
/// </summary>
public sealed class ActorPath : IEquatable<ActorPath>
{
    static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.*+:@&=,!~';$");

    readonly string _text;

    internal ActorPath(string text, long uid)
    {
        _text = text;
        Uid = uid;
    }

    public long Uid { get; }

    /// <summary>The last part; empty for the root.</summary>
    public string Name => _text[(_text.LastIndexOf('/') + 1)..];

    /// <summary>The parts behind the system's name, for example user, replicas, orders-0.</summary>
    public string[] Elements
    {
        get
        {
            var afterSystem = _text.IndexOf('/', "akka://".Length);
            return _text[(afterSystem + 1)..].Split('/', StringSplitOptions.RemoveEmptyEntries);
        }
    }

    public bool Equals(ActorPath? other) => other is not null && other.Uid == Uid && other._text == _text;

    public override bool Equals(object? other) => Equals(other as ActorPath);

    public override int GetHashCode() => HashCode.Combine(Uid, _text);

    /// <summary>The path without the uid, as it appears in logs.</summary>
    public override string ToString() => _text;

    /// <summary>Throws unless the name may be given to an actor by its maker.</summary>
    internal static void CheckName(string name)
    {
        if (name.Length == 0) throw new ArgumentException("An actor's name must not be empty.", nameof(name));
        if (name[0] == '$')
        {
            throw new ArgumentException(
                $"The actor name '{name}' begins with $, which is kept for names given by the kernel.", nameof(name));
        }

        var bad = name.AsSpan().IndexOfAnyExcept(NameCharacters);
        if (bad >= 0)
        {
            throw new ArgumentException(
                $"The actor name '{name}' has the character '{name[bad]}' at position {bad}; letters, digits and "
                + "-_.*+:@&=,!~';$ are allowed.", nameof(name));
        }
    }
}
