using AkkaStream.CodecBench;

// Throughput of checksums and codecs, beside the system's native libraries in the same run. Times are noisy on a
// shared machine; the ratios are what to quote.
switch (args.FirstOrDefault())
{
    case "crc": CrcBench.Run(); return 0;
    case "codecs": CodecsBench.Run(args.ElementAtOrDefault(1) ?? ""); return 0;
    default:
        Console.Error.WriteLine("usage: codecbench crc | codecs [FILTER]");
        return 2;
}
