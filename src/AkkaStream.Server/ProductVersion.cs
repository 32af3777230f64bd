namespace AkkaStream.Server;

/// <summary>The version as Directory.Build.props gives it to every assembly.</summary>
static class ProductVersion
{
    public static string Text { get; } = typeof(ProductVersion).Assembly.GetName().Version?.ToString(3) ?? "unknown";
}
