using System.Runtime.Versioning;

// pbt runs on Linux, and some of these tests run pbt.
[assembly: SupportedOSPlatform("linux")]
