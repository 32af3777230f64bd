namespace AkkaStream.Log;

/// <summary>
/// Stored data is not what was written, and guessing would lose or invent records. The partition stays offline, its files untouched, until
/// someone decides. Names the file, the place in it and the cure.
/// </summary>
public sealed class LogDamagedException(string path, long position, string whatIsWrong, string cure)
    : IOException($"{path}, byte {position}: {whatIsWrong} {cure}")
{
    public string DamagedPath { get; } = path;
    public long Position { get; } = position;
    public string WhatIsWrong { get; } = whatIsWrong;
    public string Cure { get; } = cure;
}
