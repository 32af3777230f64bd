namespace AkkaStream.Hocon;

/// <summary>
/// Where a piece of configuration was written. Lines and columns count from 1; line 0 means that the source has no
/// lines (an environment variable, a command line). It rides on every value so that a complaint made long after
/// parsing, by the room that reads the setting, still names the place to edit.
/// </summary>
public readonly record struct HoconOrigin(string Source, int Line, int Column)
{
    public static HoconOrigin Of(string source) => new(source, 0, 0);

    public override string ToString() => this switch
    {
        { Line: 0 } => Source,
        { Column: 0 } => $"{Source}:{Line}",
        _ => $"{Source}:{Line}:{Column}",
    };
}
