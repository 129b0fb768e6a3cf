namespace Pbt.Samples.Ppo;

/// <summary>Keeps a <see cref="TrainingState"/> as a file in a directory.</summary>
/// <remarks>
/// Little-endian binary, so that every bit comes back. There is no renaming and no flushing here: pbt hands out an
/// empty directory, and publishes it as a whole once the trainer has ended well.
/// </remarks>
public static class Checkpoint
{
    private const string FileName = "state.bin";

    /// <summary>Writes the state, and makes the directory if need be.</summary>
    public static void Save(TrainingState state, string directory)
    {
        Directory.CreateDirectory(directory);
        using var writer = new BinaryWriter(File.Create(Path.Combine(directory, FileName)));
        Write(state, writer);
    }

    /// <summary>Copies a state, to the bit as if it had been saved and loaded.</summary>
    public static TrainingState Copy(TrainingState state)
    {
        using var memory = new MemoryStream();
        using var writer = new BinaryWriter(memory);
        Write(state, writer);
        writer.Flush();
        memory.Position = 0;
        using var reader = new BinaryReader(memory);
        return Read(state.Task, reader);
    }

    /// <summary>Reads the state back.</summary>
    /// <exception cref="InvalidDataException">The file is no checkpoint of the task, or is cut short.</exception>
    /// <exception cref="IOException">There is no such file, or it cannot be read.</exception>
    public static TrainingState Load(PpoTask task, string directory)
    {
        var path = Path.Combine(directory, FileName);
        using var reader = new BinaryReader(File.OpenRead(path));
        try
        {
            return Read(task, reader);
        }
        catch (Exception exception) when (exception is EndOfStreamException or FormatException)
        {
            throw new InvalidDataException($"{path} is cut short or is no checkpoint of {task.Name}.", exception);
        }
    }

    private static string Format(PpoTask task) => $"pbt-{task.Name}-1";

    private static void Write(TrainingState state, BinaryWriter writer)
    {
        writer.Write(Format(state.Task));
        writer.Write(state.TotalSteps);
        writer.Write(state.Random.State);
        WriteNetwork(writer, state.Actor, state.ActorOptimizer);
        WriteNetwork(writer, state.Critic, state.CriticOptimizer);
        foreach (var environment in state.Environments)
            environment.Save(writer);
        writer.Write(state.RecentReturns.Count);
        foreach (var value in state.RecentReturns)
            writer.Write(value);
    }

    private static TrainingState Read(PpoTask task, BinaryReader reader)
    {
        if (!string.Equals(reader.ReadString(), Format(task), StringComparison.Ordinal))
            throw new FormatException($"The file does not start with {Format(task)}.");

        var state = TrainingState.CreateEmpty(task);
        state.TotalSteps = reader.ReadInt64();
        state.Random.State = reader.ReadUInt64();
        ReadNetwork(reader, state.Actor, state.ActorOptimizer);
        ReadNetwork(reader, state.Critic, state.CriticOptimizer);
        foreach (var environment in state.Environments)
            environment.Load(reader);
        for (var remaining = reader.ReadInt32(); remaining > 0; remaining--)
            state.RecordReturn(reader.ReadDouble());
        return state;
    }

    private static void WriteNetwork(BinaryWriter writer, Mlp network, Adam optimizer)
    {
        WriteArray(writer, network.Parameters);
        WriteArray(writer, optimizer.FirstMoment);
        WriteArray(writer, optimizer.SecondMoment);
        writer.Write(optimizer.Updates);
    }

    private static void ReadNetwork(BinaryReader reader, Mlp network, Adam optimizer)
    {
        ReadArray(reader, network.Parameters);
        ReadArray(reader, optimizer.FirstMoment);
        ReadArray(reader, optimizer.SecondMoment);
        optimizer.Updates = reader.ReadInt32();
    }

    private static void WriteArray(BinaryWriter writer, float[] values)
    {
        writer.Write(values.Length);
        foreach (var value in values)
            writer.Write(value);
    }

    private static void ReadArray(BinaryReader reader, float[] values)
    {
        if (reader.ReadInt32() != values.Length)
            throw new FormatException("The networks in the checkpoint have another shape.");
        foreach (ref var value in values.AsSpan())
            value = reader.ReadSingle();
    }
}
