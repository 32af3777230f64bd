namespace AkkaStream.Protocol.Tests.Support;

/// <summary>Bytes that were a message once.</summary>
static class Damage
{
    static readonly byte[] Telling = [0x00, 0x01, 0x7f, 0x80, 0xff, 0xfe];

    public static byte[] Some(byte[] bytes, Random random)
    {
        List<byte> damaged = [.. bytes];
        for (int times = 1 + random.Next(3); times > 0 && damaged.Count > 0; times--)
        {
            int at = random.Next(damaged.Count);
            switch (random.Next(6))
            {
                case 0:
                    damaged[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    damaged[at] = Telling[random.Next(Telling.Length)];
                    break;
                case 2:
                    damaged.RemoveRange(at, damaged.Count - at);
                    break;
                case 3:
                    damaged.Insert(at, Telling[random.Next(Telling.Length)]);
                    break;
                case 4:
                    damaged.RemoveAt(at);
                    break;
                default:
                    for (int i = at; i < Math.Min(at + 4, damaged.Count); i++) damaged[i] = 0xff;
                    break;
            }
        }

        return [.. damaged];
    }
}
