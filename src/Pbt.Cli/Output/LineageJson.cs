using System.Text.Json;
using Pbt.Core.Population;

namespace Pbt.Cli.Output;

/// <summary>What <c>pbt lineage --json</c> prints.</summary>
internal static class LineageJson
{
    /// <summary>Writes the intervals that current weights come from, and what came from what.</summary>
    public static void Write(Utf8JsonWriter writer, StudyState state, LineageTree tree)
    {
        writer.WriteStartObject();
        writer.WriteString("study", state.Spec.Name);
        writer.WriteStartArray("nodes");
        foreach (var node in tree.Nodes)
        {
            writer.WriteStartObject();
            writer.WriteString("id", node.Id.ToString());
            writer.WriteNumber("member", node.Id.Member.Value);
            writer.WriteNumber("interval", node.Record.Interval);
            writer.WriteNumberOrNull("score", node.Record.Score);
            writer.WriteNumberOrNull("smoothed", node.Record.Smoothed);
            writer.WriteNumber("steps", node.Record.Steps);
            writer.WriteHyperparameters(node.Record.Hyperparameters);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("edges");
        foreach (var node in tree.Nodes)
        {
            if (node.Parent is not { } parent)
                continue;

            writer.WriteStartObject();
            writer.WriteString("from", parent.Id.ToString());
            writer.WriteString("to", node.Id.ToString());
            writer.WriteString("kind", parent.Id.Member == node.Id.Member ? "continued" : "inherited");
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("members");
        foreach (var member in state.Members)
        {
            writer.WriteStartObject();
            writer.WriteNumber("id", member.Id.Value);
            writer.WriteString("node", member.Start?.ToString());
            writer.WriteBoolean("retired", member.Phase == MemberPhase.Retired);
            writer.WriteBoolean("damaged", state.IsDamaged(member.Start));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
