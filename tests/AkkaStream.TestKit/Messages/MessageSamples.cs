using AkkaStream.Protocol;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.TestKit.Messages;

/// <summary>
/// Random messages that a version can carry: nulls where they are allowed, texts of all lengths and scripts, extreme
/// numbers, absent tags. The same seed makes the same message.
/// </summary>
public sealed class MessageSamples(Random random)
{
    static readonly string[] Words = ["", "a", "t-1", "é", "日本", "x🎈y", "naïve", new(
        'L', 127), new('ß', 100), new('w', 300)];
    static readonly long[] Numbers = [0, 1, -1, 127, -128, 255, 32767, -32768, 65535, int.MaxValue, int.MinValue,
        long.MaxValue, long.MinValue];

    public IMessage Next(MessageEntry entry, short version) => (IMessage)NextStructure(entry.Type, version);

    object NextStructure(Type type, short version)
    {
        object structure = Activator.CreateInstance(type)!;
        foreach (FieldEntry field in MessageCatalog.Fields(type))
        {
            if (!field.Versions.Contains(version)) continue;
            if (field.Tag >= 0 && random.Next(3) == 0) continue;
            field.Property.SetValue(structure, NextField(field, version));
        }

        return structure;
    }

    object? NextField(FieldEntry field, short version)
    {
        if (field.Nullable.Contains(version) && random.Next(5) == 0) return null;
        if (!field.IsArray) return NextValue(field.ElementType, version);
        int count = random.Next(10) == 0 ? random.Next(200) : random.Next(4);
        if (field.IsStructure) count = Math.Min(count, 3);
        var items = Array.CreateInstance(field.ElementType, count);
        for (int i = 0; i < count; i++) items.SetValue(NextValue(field.ElementType, version), i);
        return items;
    }

    object NextValue(Type type, short version)
    {
        if (type == typeof(string)) return Words[random.Next(Words.Length)];
        if (type == typeof(bool)) return random.Next(2) == 0;
        if (type == typeof(double)) return random.NextDouble() * Numbers[random.Next(Numbers.Length)];
        if (type == typeof(Uuid)) return new Uuid(NextNumber(), NextNumber());
        if (type == typeof(TopicId)) return new TopicId(NextNumber(), NextNumber());
        if (type == typeof(ErrorCode)) return (ErrorCode)(short)NextNumber();
        if (type == typeof(ReadOnlyMemory<byte>)) return new ReadOnlyMemory<byte>(NextBytes());
        if (type == typeof(sbyte)) return (sbyte)NextNumber();
        if (type == typeof(short)) return (short)NextNumber();
        if (type == typeof(ushort)) return (ushort)NextNumber();
        if (type == typeof(int)) return (int)NextNumber();
        if (type == typeof(uint)) return (uint)NextNumber();
        if (type == typeof(long)) return NextNumber();
        return NextStructure(type, version);
    }

    long NextNumber() =>
        random.Next(2) == 0 ? Numbers[random.Next(Numbers.Length)] : random.NextInt64(long.MinValue, long.MaxValue);

    byte[] NextBytes()
    {
        var bytes = new byte[random.Next(8) == 0 ? random.Next(400) : random.Next(6)];
        random.NextBytes(bytes);
        return bytes;
    }
}
