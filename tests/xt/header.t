: filter FORWARD        # the header conditions; in device hl0, out device hl1
-s 10.0.0.1/32 ; = ; OK
    src=10.0.0.1 path=forward ; yes
    src=10.0.0.2 path=forward ; no
-s 10.0.0.77/24 ; -s 10.0.0.0/24 ; OK
    src=10.0.0.253 path=forward ; yes
    src=10.0.1.0 path=forward ; no
! -s 10.0.0.0/24 -d 10.0.1.1 ; ! -s 10.0.0.0/24 -d 10.0.1.1/32 ; OK
    src=10.0.0.1 path=forward ; no
    src=10.0.4.1 path=forward ; yes
    src=10.0.4.1 dst=10.0.1.2 path=forward ; no
-d 10.0.0.0/255.255.0.255 ; = ; OK
    dst=10.0.77.0 path=forward ; yes
    dst=10.0.77.1 path=forward ; no
! -d 0.0.0.1/0.0.0.1 ; = ; OK
    dst=10.0.1.1 path=forward ; no
    dst=10.0.1.2 path=forward ; yes
-s 0.0.0.0/0 ;  ; OK
    path=forward ; yes
! -s 0.0.0.0/0 ; = ; OK
    path=forward ; no
-s 128.0.0.0/1 ; = ; OK
    src=127.255.0.1 path=forward ; unreached
    src=10.0.0.1 path=forward ; no
    src=192.0.2.1 path=forward ; yes
-i hl0 ; = ; OK
    path=forward ; yes
-i hl ; = ; OK
    path=forward ; no
-i hl+ -o hl1 ; = ; OK
    path=forward ; yes
-i hl0+ ; = ; OK
    path=forward ; yes
! -i hl+ ; = ; OK
    path=forward ; no
! -o hl0 ; = ; OK
    path=forward ; yes
-i + ;  ; OK
    path=forward ; yes
-o fifteen-letters ; = ; OK
    path=forward ; no
! -o fifteen-lette+ ; = ; OK
    path=forward ; yes
-p tcp ; = ; OK
    tcp path=forward ; yes
    tcp len=20 path=forward ; yes
    tcp frag=1 path=forward ; yes
    udp path=forward ; no
! -p tcp ; = ; OK
    tcp path=forward ; no
    udp path=forward ; yes
-p all ;  ; OK
    proto=0 path=forward ; yes
-p 0 ;  ; OK
    udp path=forward ; yes
-p 47 ; -p gre ; OK
    proto=47 path=forward ; yes
    proto=46 path=forward ; no
-p 253 ; -p 253 ; OK
    proto=253 path=forward ; yes
-p 4 ; -p ipencap ; OK
-p 135 ; -p mobility-header ; OK
-p 58 ; -p ipv6-icmp ; OK
-p icmp ; = ; OK
-p 132 ; -p sctp ; OK
-p 255 ; -p 255 ; OK
-p UDPLITE ; -p udplite ; OK
-f ; = ; OK
    frag=5 path=forward ; yes
    frag=5 mf path=forward ; yes
    mf path=forward ; no
    path=forward ; no
! -f ; = ; OK
    frag=5 path=forward ; no
    mf path=forward ; yes
    path=forward ; yes
-s 10.0.0.0/8 -d 10.0.0.0/8 -i hl0 -o hl1 -p udp -f ; = ; OK
    udp frag=2 path=forward ; yes
    udp mf path=forward ; no
! -s 1.2.3.4/32 ! -d 1.2.3.4/32 ! -i x ! -o y ! -p tcp ! -f -j DROP ; = ; OK
    udp path=forward ; yes
    udp frag=3 path=forward ; no
    tcp path=forward ; no
-j ACCEPT ; = ; OK
    path=forward ; yes
-j RETURN ; = ; OK
    path=forward ; yes
-j QUEUE ; = ; OK
    path=forward ; yes
-g OUTPUT ; ; FAIL Invalid argument
6 -s 2001:db8::/32 ; = ; OK
    path=forward ; yes
    src=2001:db9::1 path=forward ; no
6 -s 2001:db8::1/ffff::ff ; -s 2001::1/ffff::ff ; OK
    src=2001:1:2:3::ff01 path=forward ; yes
    src=2001:1:2:3::ff02 path=forward ; no
6 ! -d ::/0 ; = ; OK
    path=forward ; no
6 ! -s 2001:db8::/127 ! -d 2001:db8:1::1 ; ! -s 2001:db8::/127 ! -d 2001:db8:1::1/128 ; OK
    src=2001:db8::1 dst=2001:db8:1::2 path=forward ; no
    src=2001:db8::2 dst=2001:db8:1::2 path=forward ; yes
6 -i hl0 ! -o hl0 ; = ; OK
    path=forward ; yes
6 -p tcp ; = ; OK
    tcp path=forward ; yes
    tcp len=40 path=forward ; yes
    udp path=forward ; no
    hop=8 dst-opts=8 routing=8 tcp path=forward ; yes
    frag=2 tcp path=forward ; yes
    frag=2 after=dst-opts=8 tcp path=forward ; hotdrop     # the chain cannot be followed
    dst-opts=8 len=41 path=forward ; hotdrop
    dst-opts=8 tcp len=41 path=forward ; hotdrop
    ah=16 tcp path=forward ; yes
6 ! -p tcp ; = ; OK
    tcp path=forward ; no
    proto=59 path=forward ; yes
    dst-opts=8 len=41 path=forward ; hotdrop
6 -p all ;  ; OK
    udp path=forward ; yes
    dst-opts=8 len=41 path=forward ; hotdrop               # it walks, though it compares nothing
6 -s 2001:db8::9 -p tcp ; -s 2001:db8::9/128 -p tcp ; OK
    dst-opts=8 len=41 path=forward ; no                    # the address fails before the walk
6 -p 44 ; -p ipv6-frag ; OK
    frag=1 udp path=forward ; no                           # never: the walk goes beyond it
6 ! -p 44 ; ! -p ipv6-frag ; OK
    frag=1 udp path=forward ; yes
6 -p 59 ; -p ipv6-nonxt ; OK
    path=forward ; yes
    udp path=forward ; no
6 -p 50 ; -p esp ; OK
    proto=50 path=forward ; yes
6 -j REJECT ; -j REJECT --reject-with icmp6-port-unreachable ; OK
-i sixteen-letters-x ; ; FAIL must be shorter
-p 256 ; ; FAIL unknown protocol
-s 10.0.0.0/33 ; ; FAIL invalid mask
-m nonsense ; ; FAIL Couldn't load match
-j nonsense ; ; FAIL Couldn't load target
