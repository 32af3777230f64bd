using System.Text;

namespace AkkaStream.Hocon.Tests;

/// <summary>A finished configuration as one line of JSON; a value that also has fields is shown as "value + {fields}".</summary>
static class Rendered
{
    public static string Of(string hocon, Func<string, string?>? environment = null) =>
        Of(HoconParser.Parse(hocon).ResolveNode(environment));

    public static string Of(HoconNode node)
    {
        var text = new StringBuilder();
        Append(text, node);
        return text.ToString();
    }

    /// <summary>The message of the refusal, without the name of the source.</summary>
    public static string Refusal(string hocon) =>
        Assert.Throws<HoconException>(() => Of(hocon)).Message;

    static void Append(StringBuilder text, HoconNode node)
    {
        switch (node.Kind)
        {
            case HoconKind.List:
                text.Append('[');
                foreach (var item in node.Items)
                {
                    if (text[^1] != '[') text.Append(',');
                    Append(text, item);
                }

                text.Append(']');
                break;
            case HoconKind.String:
                AppendQuoted(text, node.Text);
                break;
            case HoconKind.Null:
                text.Append("null");
                break;
            case HoconKind.Boolean or HoconKind.Number:
                text.Append(node.Text);
                break;
        }

        if (!node.IsObject) return;
        if (node.Kind != HoconKind.None) text.Append(" + ");
        text.Append('{');
        foreach (var (name, child) in node.Fields)
        {
            if (text[^1] != '{') text.Append(',');
            AppendQuoted(text, name);
            text.Append(':');
            Append(text, child);
        }

        text.Append('}');
    }

    static void AppendQuoted(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            if (c is '"' or '\\') text.Append('\\').Append(c);
            else if (c == '\n') text.Append("\\n");
            else if (c < ' ') text.Append($"\\u{(int)c:x4}");
            else text.Append(c);
        }

        text.Append('"');
    }
}
