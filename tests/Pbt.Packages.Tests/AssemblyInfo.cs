[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

// They build and pack in the same folders.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
