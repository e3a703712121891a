// Small files to start from, beside what cosnet's own writers make.

export const PDB = `TITLE     A PAIR
REMARK 350 BIOMOLECULE: 1
REMARK 350 APPLY THE FOLLOWING TO CHAINS: A,
REMARK 350                    AND CHAINS: B
REMARK 350   BIOMT1   1  1.000000  0.000000  0.000000        0.00000
REMARK 350   BIOMT2   1  0.000000  1.000000  0.000000        0.00000
REMARK 350   BIOMT3   1  0.000000  0.000000  1.000000       10.00000
MODEL        1
ATOM      1  CA  ALA A   1      11.104   6.134  -6.504  1.00  0.00           C
ATOM      2  CA AGLY A   2      12.104   7.134  -5.504  0.50  0.00           C
HETATM    3 ZN    ZN B   1      13.104   8.134  -4.504  1.00  0.00          ZN
ENDMDL
END
`;

export const MMCIF = `data_2ABC
_entry.id 2ABC
_struct.title
;A title
of two lines
;
loop_
_atom_site.group_PDB
_atom_site.type_symbol
_atom_site.label_atom_id
_atom_site.label_comp_id
_atom_site.label_asym_id
_atom_site.label_alt_id
_atom_site.Cartn_x
_atom_site.Cartn_y
_atom_site.Cartn_z
ATOM C CA ALA A . 1 2 3
ATOM P "O5'" A B ? 4 5.5 6e0
loop_
_pdbx_struct_assembly_gen.assembly_id
_pdbx_struct_assembly_gen.oper_expression
_pdbx_struct_assembly_gen.asym_id_list
1 (1-2)(P) A,B
2 1,2 A
loop_
_pdbx_struct_oper_list.id
_pdbx_struct_oper_list.matrix[1][1]
_pdbx_struct_oper_list.matrix[1][2]
_pdbx_struct_oper_list.matrix[1][3]
_pdbx_struct_oper_list.vector[1]
_pdbx_struct_oper_list.matrix[2][1]
_pdbx_struct_oper_list.matrix[2][2]
_pdbx_struct_oper_list.matrix[2][3]
_pdbx_struct_oper_list.vector[2]
_pdbx_struct_oper_list.matrix[3][1]
_pdbx_struct_oper_list.matrix[3][2]
_pdbx_struct_oper_list.matrix[3][3]
_pdbx_struct_oper_list.vector[3]
1 1 0 0 0 0 1 0 0 0 0 1 0
2 0 1 0 5 1 0 0 0 0 0 -1 0
P 1 0 0 100 0 1 0 0 0 0 1 0
`;

export const MDOC = `PixelSpacing = 1.5
ImageFile = TS_1.mrc
ImageSize = 4096 4000
Voltage = 300

[T = SerialEM: a title]

[ZValue = 0]
TiltAngle = -3.01
StagePosition = 1.0 2.0
[ZValue = 1]
TiltAngle = 3
`;

export const PYTOM_PROJECTIONS = `<?xml version="1.0"?>
<ProjectionList><!-- made by hand -->
  <Projection Filename="a.mrc" TiltAngle="-60.0" OffsetX='0'/>
  <Projection Filename="b&amp;c.mrc" TiltAngle="60.0"></Projection>
</ProjectionList>
`;

export const CSV = `# picks\nx,y,z,class,score,tomogram\n1.5,2,3,"a, ""b""",0.5,TS_1\n4,5,6,ribosome,1e-3,TS_2\n`;
